// Colour as a value that renderers are given: with it off, every colour is the identity, so that a
// renderer has one code path. Knows no terminal; cli decides.

type Colour = (text: string) => string;

export interface Paint {
  readonly error: Colour;
  readonly warning: Colour;
  readonly note: Colour;
  readonly good: Colour;
  readonly strong: Colour;
  readonly faint: Colour;
}

// Only the sixteen colours of the user's own theme: https://en.wikipedia.org/wiki/ANSI_escape_code#SGR
const CODES: Readonly<Record<keyof Paint, readonly [on: number, off: number]>> = {
  error: [31, 39],
  warning: [33, 39],
  note: [36, 39],
  good: [32, 39],
  strong: [1, 22],
  faint: [2, 22],
};

export function painter(colour: boolean): Paint {
  const paint = (name: keyof Paint): Colour => {
    const [on, off] = CODES[name];
    return (text) => (colour && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  };
  return {
    error: paint('error'),
    warning: paint('warning'),
    note: paint('note'),
    good: paint('good'),
    strong: paint('strong'),
    faint: paint('faint'),
  };
}
