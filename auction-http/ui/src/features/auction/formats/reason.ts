/** How long a reason may be, in letters; the server counts bytes, of which a letter has up to four. */
export const REASON_CHARS_MAX = 125;
