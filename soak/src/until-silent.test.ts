import { expect, test } from 'vitest';
import { Silence, untilSilent } from './until-silent.ts';

async function* sayThenFallSilent(): AsyncGenerator<string> {
  yield 'first';
  await new Promise(() => undefined);
}

test('a source that falls silent is given up, after what it had said', async () => {
  const heard: string[] = [];
  const listening = (async () => {
    for await (const word of untilSilent(sayThenFallSilent(), 20)) heard.push(word);
  })();
  await expect(listening).rejects.toThrow(Silence);
  expect(heard).toEqual(['first']);
});
