// Texts that are compared with a file, and written to it when GATEWRIGHT_UPDATE=1: then read the diff.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** `file` from the top of the repository. */
export function expectGolden(file: string, text: string): void {
  const path = join(ROOT, file);
  if (process.env.GATEWRIGHT_UPDATE === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}
