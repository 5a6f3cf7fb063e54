/** What the server asks of a password, as far as it can be said while one types. */

export const PASSWORD_CHARS_MIN = 8;
/** The shortest part of an address or a name that a password is compared with. */
const PART_CHARS_MIN = 3;

export type PasswordRule = "length" | "mixed" | "own";
export type Person = { email?: string; names?: readonly string[] };

/** The rules that a password meets. That it is not a common one only the server knows. */
export function rulesMet(password: string, { email = "", names = [] }: Person): Record<PasswordRule, boolean> {
  const length = [...password].length;
  return {
    length: length >= PASSWORD_CHARS_MIN,
    mixed: length > 0 && !/^\p{N}+$/u.test(password),
    own: length > 0 && !isOwn(password.toLowerCase(), email.toLowerCase(), names),
  };
}

function isOwn(password: string, email: string, names: readonly string[]): boolean {
  const local = email.split("@")[0] ?? "";
  const given = names.map((name) => name.trim().toLowerCase());
  const parts = [email, local, ...local.split(/[^\p{L}\p{N}]/u), ...given, given.join("")];
  return parts.some((part) => isMostly(password, part));
}

/** Whether the part makes up half of the password or more, or the password is a part of it. */
function isMostly(password: string, part: string): boolean {
  const [length, partLength] = [[...password].length, [...part].length];
  if (partLength < PART_CHARS_MIN || length < PART_CHARS_MIN) return false;
  return part.includes(password) || (partLength * 2 >= length && password.includes(part));
}
