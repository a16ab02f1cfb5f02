// The look of a diagnostic in each format.
import type { Diagnostic } from '../../src/model/diagnostic';
import { diagnosticsGithub } from '../../src/render/diagnostics-github';
import { diagnosticsJson } from '../../src/render/diagnostics-json';
import { diagnosticsText, summaryText } from '../../src/render/diagnostics-text';
import { painter } from '../../src/render/paint';

const TEXT = `${'\n'.repeat(13)}      rate_limit:\n`;
const texts = new Map([['gateways/chat.yaml', TEXT]]);

const typo: Diagnostic = {
  code: 'unknown-field',
  severity: 'error',
  message: '"rate_limit" is not a field of ai_gateway',
  at: { file: 'gateways/chat.yaml', line: 14, column: 7, length: 10 },
  label: 'did you mean "rate_limits"?',
};
const full: Diagnostic = {
  ...typo,
  because: { text: 'first written here', at: { file: 'policies.yaml', line: 3, column: 5 } },
  help: 'see gatewright explain unknown-field',
};
const placeless: Diagnostic = {
  code: 'no-answer',
  severity: 'warning',
  message: 'the workspace does not answer',
  help: 'try again',
};

test('text, as the documentation shows it', () => {
  expect(diagnosticsText([typo], { texts })).toBe(
    [
      'error[unknown-field]: "rate_limit" is not a field of ai_gateway',
      '  --> gateways/chat.yaml:14:7',
      '   |',
      '14 |       rate_limit:',
      '   |       ^^^^^^^^^^ did you mean "rate_limits"?',
      '',
      '',
    ].join('\n'),
  );
});

test('text with both places and a way out', () => {
  expect(diagnosticsText([full], { texts })).toContain(
    [
      '   |',
      '   = first written here: policies.yaml:3:5',
      '   = help: see gatewright explain unknown-field',
      '',
    ].join('\n'),
  );
});

test('text without a place, and with a place in a file that nobody read', () => {
  expect(diagnosticsText([placeless])).toBe(
    'warning[no-answer]: the workspace does not answer\n   = help: try again\n\n',
  );
  expect(diagnosticsText([typo])).toBe(
    [
      'error[unknown-field]: "rate_limit" is not a field of ai_gateway',
      '  --> gateways/chat.yaml:14:7',
      '   = did you mean "rate_limits"?',
      '',
      '',
    ].join('\n'),
  );
});

test('text with colours is the text without them, painted', () => {
  const painted = diagnosticsText([full], { texts, paint: painter(true) });
  expect(painted).toContain('\u001b[31merror[unknown-field]\u001b[39m');
  expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(diagnosticsText([full], { texts }));
});

test('long notes are broken into lines that fit', () => {
  const help = 'write one of '.concat(Array.from({ length: 12 }, (_, index) => `value-${index}`).join(', '));
  expect(diagnosticsText([{ ...placeless, help }])).toBe(
    [
      'warning[no-answer]: the workspace does not answer',
      '   = help: write one of value-0, value-1, value-2, value-3, value-4, value-5,',
      '     value-6, value-7, value-8, value-9, value-10, value-11',
      '',
      '',
    ].join('\n'),
  );
});

test('the gutter grows with the line number', () => {
  const at = { file: 'a', line: 12345, column: 1 };
  const long = new Map([['a', `${'\n'.repeat(12344)}x`]]);
  expect(
    diagnosticsText([{ ...typo, at }], { texts: long })
      .split('\n')
      .slice(1, 4),
  ).toEqual(['     --> a:12345:1', '      |', '12345 | x']);
});

test('json: one row each, 1-based places, nothing that is empty', () => {
  expect(JSON.parse(diagnosticsJson([full, placeless]))).toEqual([
    {
      code: 'unknown-field',
      severity: 'error',
      message: '"rate_limit" is not a field of ai_gateway',
      file: 'gateways/chat.yaml',
      line: 14,
      column: 7,
      length: 10,
      label: 'did you mean "rate_limits"?',
      because: { text: 'first written here', file: 'policies.yaml', line: 3, column: 5 },
      help: 'see gatewright explain unknown-field',
    },
    { code: 'no-answer', severity: 'warning', message: 'the workspace does not answer', help: 'try again' },
  ]);
  expect(diagnosticsJson([])).toBe('[]\n');
});

test('github: escaped so that a text can neither end the command nor begin another', () => {
  const hostile: Diagnostic = {
    code: 'bad',
    severity: 'note',
    message: '100% of\n::set-output name=a::b',
    at: { file: 'a,b:c.yaml', line: 2, column: 3, length: 4 },
  };
  expect(diagnosticsGithub([hostile])).toBe(
    '::notice file=a%2Cb%3Ac.yaml,line=2,col=3,endColumn=7,title=bad::100%25 of\\u000a::set-output name=a::b\n',
  );
  expect(diagnosticsGithub([full])).toBe(
    '::error file=gateways/chat.yaml,line=14,col=7,endColumn=17,title=unknown-field::"rate_limit" is not a field of ai_gateway: did you mean "rate_limits"?%0Afirst written here: policies.yaml:3:5%0Ahelp: see gatewright explain unknown-field\n',
  );
});

test('every format keeps hostile texts harmless', () => {
  const hostile: Diagnostic = {
    code: 'bad\u001b',
    severity: 'error',
    message: '\u001b[2J\u202e',
    at: { file: 'a\u001b.yaml', line: 1, column: 1 },
    label: '\u009b',
    because: { text: '\u200b', at: { file: '\r', line: 1, column: 1 } },
    help: '\u2066',
  };
  for (const render of [diagnosticsText, diagnosticsJson, diagnosticsGithub])
    expect(render([hostile]).replace(/\n/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('summary', () => {
  expect(summaryText([typo, full, placeless])).toBe('2 errors, 1 warning');
  expect(summaryText([{ ...typo, severity: 'note' }])).toBe('1 note');
  expect(summaryText([])).toBe('');
});
