/** Text as it is searched and compared: no case, no accents. Everything else stays. */
export const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();
