#!/usr/bin/env node
// The program that cdktf.json names: every target of a gatewright.yaml as a stack, for `cdktf synth` and what follows it.
import { join } from 'node:path';
import { App } from 'cdktf';
import { GatewayStack } from '../constructs/terraform';
import { processContext } from '../src/cli/process-context';
import { printDiagnostics, printFailure } from '../src/cli/report';
import { stackProjects } from '../src/cli/stack-projects';

// This file is dist/bin/cdktf.js where it runs.
const context = processContext(join(__dirname, '../..'));

try {
  const app = new App();
  const text = (name: string) => {
    const value: unknown = app.node.tryGetContext(`gatewright:${name}`);
    return typeof value === 'string' ? value : undefined;
  };
  const told = new Set<string>();
  for (const { id, loaded, desired, seen } of stackProjects(text('directory'), text('target'), context)) {
    const stack = new GatewayStack(app, id, { desired });
    const found = [...loaded.diagnostics, ...seen(stack.diagnostics)];
    // What holds for several targets is said once.
    const news = found.filter((one) => !told.has(JSON.stringify(one)));
    for (const one of news) told.add(JSON.stringify(one));
    printDiagnostics(news, context, { texts: loaded.texts, noColour: false });
  }
  app.synth();
} catch (error) {
  process.exitCode = printFailure(error, false, false, context);
}
