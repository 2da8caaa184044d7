export type Words = string[];

export function join(words: Words): string {
  return words.join(" ");
}
