/** Right-to-left scripts, and the invisible characters (Cf) that turn text around. */
const turnsAround =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Cf}]/u;

/**
 * Makes a text that someone typed fit into a sentence of ours: cut to what one knows it by, and with its writing direction kept to itself.
 *
 * Without the isolate (U+2068 … U+2069) an override character in a name turns the rest of the sentence around.
 */
export function inSentence(text: string, mostCharacters = 40): string {
  const characters = [...text];
  const cut = characters.length > mostCharacters ? `${characters.slice(0, mostCharacters).join('')}…` : text;
  return turnsAround.test(cut) ? `\u2068${cut}\u2069` : cut;
}
