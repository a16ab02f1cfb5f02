// Files made to do harm, of any size: by name the text and the code it has to be answered with.

type Hostile = Readonly<Record<string, readonly [text: string, code: string]>>;

/** `size` in characters: about that long is each file, less where the attack is not one of length. */
export function hostileFiles(size: number): Hostile {
  const filled = (piece: string) => piece.repeat(Math.floor(size / piece.length));
  /** As many as fit when each takes about `length` characters. */
  const many = (length: number, each: (index: number) => string) =>
    Array.from({ length: Math.floor(size / length) }, (_, index) => each(index));
  const flow = (length: number, each: (index: number) => string) => `{${many(length, each).join(',')}}`;
  const reference = '$'.concat('{var.a}');
  const chat = (body: string) => `project: p\nserving_endpoints: {chat: ${body}}`;
  return {
    'open lists': [filled('['), 'too-deep'],
    'open maps': [filled('{'), 'too-deep'],
    'lists in lists': [filled('- '), 'too-deep'],
    'keys as keys': [filled('? '), 'too-deep'],
    'maps on a line': [filled('a: '), 'too-deep'],
    'values without keys': [filled(': '), 'too-deep'],
    indentation: [
      Array.from({ length: 1300 }, (_, index) => `${' '.repeat(index)}a:`).join('\n'),
      'too-deep',
    ],
    'closing brackets': [filled(']'), 'yaml-syntax'],
    commas: [`[${filled(',')}]`, 'yaml-syntax'],
    'bad escapes': [`"${filled('\\q')}"`, 'yaml-syntax'],
    'a quote over many lines': [`a: "${filled('a\n')}"`, 'yaml-syntax'],
    documents: [filled('---\n'), 'unsupported-yaml'],
    tags: [filled('!a '), 'unsupported-yaml'],
    directives: [filled('%\n'), 'unsupported-yaml'],
    anchors: [`[${filled('&a a,')}]`, 'unsupported-yaml'],
    aliases: [`a: &a 1\nb: [${filled('*a,')}]`, 'unsupported-yaml'],
    'blank keys': [`{${filled('a,')}}`, 'empty-value'],
    questions: [filled('?\n'), 'unsupported-yaml'],
    'one key many times': [`project: p\npresets:\n${filled(' k: {}\n')}`, 'duplicate-key'],
    'unknown keys': [`project: p\n${many(12, (index) => `k${index}: 1`).join('\n')}`, 'unknown-field'],
    'unknown keys one level down': [
      `project: p\npresets: ${flow(18, (index) => `e${index}: {ab: 1}`)}`,
      'unknown-field',
    ],
    'blank entries': [
      `project: p\npresets:\n${many(7, (index) => ` ${index.toString(36)}:`).join('\n')}`,
      'empty-value',
    ],
    'bad keys': [`project: p\nserving_endpoints: ${flow(14, (index) => `"${index}%": {}`)}`, 'bad-key'],
    limits: [
      chat(
        `{ai_gateway: {rate_limits: [${many(45, (index) => `{key: user, principal: u${index}, calls: 1}`)}]}}`,
      ),
      'bad-value',
    ],
    'names of services': [
      `project: p\nmodel_services: ${flow(22, (index) => `"${'a.'.repeat(4)}${index}": {}`)}`,
      'bad-key',
    ],
    'a long name of a service': [`project: p\nmodel_services: {"${filled('a.')}b": {}}`, 'bad-key'],
    'a long key of a limit': [
      `project: p\nmodel_services: {a.b.c: {config: {rate_limits: {"user:${filled('/hour/minute')}/minute/": {x: 1}}}}}`,
      'unknown-field',
    ],
    'limits of services': [
      `project: p\nmodel_services: {a.b.c: {config: {rate_limits: [${many(45, (index) => `{key: user, principal: u${index}, requests: 1}`)}]}}}`,
      'bad-value',
    ],
    destinations: [
      `project: p\nmodel_services: {a.b.c: {config: {routing: {destinations: ${flow(60, (index) => `d${index}: {external_model_config: {model_provider_service: x${index}}}`)}}}}}`,
      'bad-value',
    ],
    'dangling references': [
      `project: p\nmodel_services: ${flow(190, (index) => `a.b.c${index}: {config: {routing: {destinations: {d: {external_model_config: {model_provider_service: model-provider-services/a.b.x${index}}}}}}}`)}\nx: 1`,
      'unknown-field',
    ],
    references: [
      chat(`{labels: ${flow(24, (index) => `u${index}: "${reference.replace('.a', `.x${index}`)}"`)}}`),
      'unknown-variable',
    ],
    'many references in one text': [chat(`{name: "${filled(reference)}"}`), 'unknown-variable'],
    'open references': [chat(`{name: "${filled('$'.concat('{'))}"}`), 'bad-reference'],
    'a variable that grows': [
      `variables: {a: {default: "${'x'.repeat(size / 2)}"}}\n${chat(`{labels: {b: "${reference.repeat(size / 20)}"}}`)}`,
      'too-large',
    ],
    'unknown presets': [
      `project: p\nserving_endpoints: ${flow(60, (index) => `e${index}: {preset: p${index}}`)}\npresets: ${flow(60, (index) => `q${index}: {}`)}`,
      'unknown-preset',
    ],
    overlays: [
      `project: p\ntargets: {a: {serving_endpoints: ${flow(50, (index) => `o${index}: {}`)}}}\nserving_endpoints: ${flow(50, (index) => `e${index}: {}`)}`,
      'unknown-entry',
    ],
  };
}
