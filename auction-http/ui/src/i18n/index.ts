/**
 * The texts of the site, in the language of the reader. A language is fetched alone, and in two parts: the first pages
 * do not wait for what the others say.
 */
import { useSyncExternalStore } from "react";
import type { Catalogue } from "./en";
import { pseudo } from "./pseudo";

export const LANGUAGES = { en: "English", es: "Español" } as const;
export type Language = keyof typeof LANGUAGES;
/** Every text lengthened and marked, to find what stands in no catalogue. */
const PSEUDO = "en-XA";

const PARTS = {
  en: { first: () => import("./en-first"), rest: () => import("./en-rest") },
  es: { first: () => import("./es-first"), rest: () => import("./es-rest") },
};

const KEY = "auction:language";
const listeners = new Set<() => void>();
let catalogue: Catalogue;
let language: Language = "en";
/** What is asked for; the language, as {@link preferredLanguage} has it, is not known before there is a page. */
let wanted: string | null = null;
/** What fetches the rest; `null` until something needs it. */
let whole: Promise<void> | null = null;

/** The texts. Before {@link loadLanguage} has finished there are none, and before {@link wholeLanguage} not all. */
export function texts(): Catalogue {
  return catalogue;
}

export function currentLanguage(): Language {
  return language;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTexts(): Catalogue {
  return useSyncExternalStore(subscribe, texts);
}

/** The language that was chosen, or else the first of the browser's that there is. */
export function preferredLanguage(): string {
  const asked = new URLSearchParams(location.search).get("lang") ?? stored();
  if (asked === PSEUDO || (asked && asked in LANGUAGES)) return asked;
  for (const wanted of navigator.languages) {
    const short = wanted.slice(0, 2).toLowerCase();
    if (short in LANGUAGES) return short;
  }
  return "en";
}

async function load(): Promise<void> {
  wanted ??= preferredLanguage();
  const asked = wanted;
  const isWhole = whole !== null;
  const isPseudo = asked === PSEUDO;
  const next = isPseudo ? "en" : (asked as Language);
  const [first, rest] = await Promise.all([PARTS[next].first(), isWhole ? PARTS[next].rest() : null]);
  // More, or something else, was asked for in the meantime.
  if (asked !== wanted || isWhole !== (whole !== null)) return load();
  const loaded = { ...first.default, ...rest?.default } as Catalogue;
  catalogue = isPseudo ? pseudo(loaded) : loaded;
  language = next;
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

/** Fetches the texts of a language: as much as pages have asked for. */
export function loadLanguage(asked: string): Promise<void> {
  wanted = asked;
  return load();
}

/** Waits for all texts. Whatever says more than the first part has waits for this before it is drawn. */
export function wholeLanguage(): Promise<void> {
  if (whole === null) {
    whole = Promise.resolve().then(load);
    whole.catch(() => {
      // It may be asked for again.
      whole = null;
    });
  }
  return whole;
}

export async function chooseLanguage(chosen: Language): Promise<void> {
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // It lasts as long as the page then.
  }
  await loadLanguage(chosen);
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** For `Intl`: the reader's own variant of the language, where the browser names one. */
export function locale(): string {
  return navigator.languages.find((wanted) => wanted.toLowerCase().startsWith(language)) ?? language;
}
