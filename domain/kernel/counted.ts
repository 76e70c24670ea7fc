/** `1 session`, `3 sessions`: for sentences of the command line, which are in English alone. */
export const counted = (count: number, one: string, several: string): string =>
  `${count} ${count === 1 ? one : several}`;
