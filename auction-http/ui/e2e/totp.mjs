// An authenticator app: RFC 6238 with SHA-1, six digits, 30 seconds.
import { createHmac } from "node:crypto";
import { until } from "./harness.mjs";

const STEP = 30_000;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export class Authenticator {
  #secret;
  #last = 0;

  /** From a key in base 32, with or without spaces. */
  constructor(key) {
    const bits = [...key.replace(/\s/g, "")].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0"));
    this.#secret = Buffer.from(
      bits
        .join("")
        .match(/.{8}/g)
        .map((byte) => Number.parseInt(byte, 2)),
    );
  }

  /** A code that was not used before: the server takes the step before this one, this one and the next, each once. */
  async code() {
    const now = () => Math.floor(Date.now() / STEP);
    this.#last = Math.max(this.#last + 1, now() - 1);
    await until(() => this.#last <= now() + 1, "the next step of the authenticator", 2 * STEP);
    return this.#at(this.#last);
  }

  /** A code that is none of those that the server takes now. */
  wrong() {
    const now = Math.floor(Date.now() / STEP);
    const right = [-2, -1, 0, 1, 2].map((distance) => this.#at(now + distance));
    return ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !right.includes(code));
  }

  #at(step) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const digest = createHmac("sha1", this.#secret).update(counter).digest();
    const offset = digest[19] & 0xf;
    return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
  }
}

/** Somebody with a second factor: `{...person, app, recovery}`. */
export async function withFactor(server, name) {
  const person = await server.person(name);
  const { secret } = await server.must("POST", "2fa/setup/", { token: person.token });
  const app = new Authenticator(secret);
  const body = { code: await app.code() };
  const { recovery_codes: recovery } = await server.must("POST", "2fa/enable/", { token: person.token, body });
  return { ...person, app, recovery };
}
