/** Marks and lengthens every text of a catalogue: `[Ƀıđ···]`. What shows up without marks stands in no catalogue. */

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const OTHERS = "áƀćđéƒǵĥíĵķłɱńóƥɋŕśťúṽŵẋýžÁɃĆĐÉƑǴĤÍĴĶŁṀŃÓƤɊŔŚŤÚṼŴẊÝŽ";
const PAIRS = new Map([...LETTERS].map((letter, index) => [letter, [...OTHERS][index] ?? letter]));

function marked(text: string): string {
  const odd = [...text].map((letter) => PAIRS.get(letter) ?? letter).join("");
  return `[${odd}${"·".repeat(Math.ceil(text.length / 3))}]`;
}

export function pseudo<T>(value: T): T {
  if (typeof value === "string") return marked(value) as T;
  if (typeof value === "function") {
    return ((...args: unknown[]) => marked(String((value as (...args: unknown[]) => unknown)(...args)))) as T;
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, pseudo(inner)])) as T;
  }
  return value;
}
