// What is waited for: a line a minute and resource in a log, one line in place on a terminal.
import type { Context } from '../../src/cli/context';
import { Progress } from '../../src/cli/progress';
import type { ApplyEvent } from '../../src/reconcile/events';
import { world } from './world';

const subject = (name: string) => ({ address: `serving_endpoints.${name}`, kind: 'serving_endpoints', name });
const waiting = (name: string, forMs: number): ApplyEvent => ({
  type: 'waiting',
  subject: subject(name),
  reason: 'its config is being rolled out',
  forMs,
});

function shown(events: readonly ApplyEvent[], terminal?: number): string {
  let text = '';
  const sink: Context['stdout'] = {
    isTTY: terminal !== undefined,
    ...(terminal === undefined ? {} : { columns: terminal }),
    write: (part) => {
      text += part;
    },
  };
  const progress = new Progress(sink, world(), true);
  for (const event of events) progress.show(event);
  progress.pause();
  return text;
}

test('a log has the first line at once and one a minute, for each resource', () => {
  const looks = [0, 2, 6, 14, 29, 44, 59, 74, 89, 134].map((seconds) => seconds * 1_000);
  const events = looks.flatMap((ms) => [waiting('chat', ms), waiting('search', ms)]);
  const lines = shown(events).trimEnd().split('\n');
  expect(lines.filter((line) => line.startsWith('chat'))).toEqual([
    'chat: waiting, its config is being rolled out',
    'chat: waiting for 1 min, its config is being rolled out',
    'chat: waiting for 2 min, its config is being rolled out',
  ]);
  expect(lines).toHaveLength(6);
});

test('a second wait of one resource is told from its beginning', () => {
  const done: ApplyEvent = {
    type: 'step-done',
    subject: subject('chat'),
    step: 1,
    of: 2,
    operation: 'x.put-config',
    sent: true,
  };
  expect(
    shown([waiting('chat', 0), waiting('chat', 30_000), done, waiting('chat', 0)])
      .trimEnd()
      .split('\n'),
  ).toEqual([
    'chat: waiting, its config is being rolled out',
    'chat: step 1 of 2, put-config',
    'chat: waiting, its config is being rolled out',
  ]);
});

test('a terminal has one line, in place, that gives way to what stays', () => {
  const done: ApplyEvent = { type: 'change-done', result: { subject: subject('chat'), outcome: 'applied' } };
  const text = shown([waiting('chat', 0), waiting('search', 4_000), waiting('chat', 61_000), done], 60);
  const screen: string[] = [''];
  for (const part of text.split(/(\n|\r\u001b\[2K)/)) {
    if (part === '\n') screen.push('');
    else if (part === '\r\u001b[2K') screen[screen.length - 1] = '';
    else screen[screen.length - 1] += part;
  }
  expect(screen).toEqual(['chat: applied, read back', '']);
  expect(text).toContain('waiting for chat for 1 min, search for 4 s');
});

test('the line in place is never longer than the terminal', () => {
  const events = Array.from({ length: 30 }, (_, index) => waiting(`endpoint-${index}`, 1_000));
  const lines = shown(events, 40).split('\r\u001b[2K');
  for (const line of lines) expect(line.length).toBeLessThan(40);
  expect(lines.some((line) => line.endsWith('…'))).toBe(true);
});
