#!/usr/bin/env node
// argv in, exit code out. The only process.exit.
import { join } from 'node:path';
import { flushed, processContext } from '../src/cli/process-context';
import { reportUnexpected, run } from '../src/cli/run';

// This file is dist/bin/gatewright.js where it runs.
const context = processContext(join(__dirname, '../..'));
const argv = process.argv.slice(2);

async function end(code: number): Promise<void> {
  await flushed([process.stdout, process.stderr]);
  process.exit(code);
}

process.on('uncaughtException', (error) => void end(reportUnexpected(error, argv, context)));
void run(argv, context).then(end);
