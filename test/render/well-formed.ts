// Is a text well-formed XML, as far as we write it: a declaration, elements with quoted attributes, text, entities.

/** What is wrong, one line each. */
export function wellFormed(xml: string): string[] {
  const problems: string[] = [];
  const open: string[] = [];
  const body = xml.replace(/^<\?xml [^?]*\?>\n/, '');
  if (body === xml) problems.push('no declaration');
  let rest = body;
  while (rest !== '') {
    const text = /^[^<]+/.exec(rest)?.[0];
    if (text !== undefined) {
      if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(text)) problems.push(`a bare & in ${text.slice(0, 40)}`);
      if (/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/.test(text))
        problems.push('a character XML cannot carry');
      if (open.length === 0 && text.trim() !== '') problems.push(`text outside: ${text.slice(0, 40)}`);
      rest = rest.slice(text.length);
      continue;
    }
    const tag = /^<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/.exec(rest);
    if (tag === null) return [...problems, `no tag: ${rest.slice(0, 60)}`];
    const [whole, closes, name = '', attributes = '', alone] = tag;
    if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(attributes)) problems.push(`a bare & in ${whole.slice(0, 60)}`);
    if (closes === '/') {
      if (open.pop() !== name) problems.push(`</${name}> closes nothing`);
    } else if (alone !== '/') open.push(name);
    rest = rest.slice(whole.length);
  }
  if (open.length > 0) problems.push(`left open: ${open.join(', ')}`);
  return problems;
}
