import { join, type Words } from "./words";

interface GreetingEvent {
  name?: string;
}

enum Tone {
  Friendly = "hello",
}

export const handler = async (event: GreetingEvent): Promise<{ message: string }> => {
  const words: Words = [Tone.Friendly, event.name ?? "world"];
  return { message: join(words) };
};
