// Loaded into every Node process of the program that `app` names, before the program itself: gives GatewayApp the place
// to register at, and writes what each app declares when the process ends well. Knows nothing of what they declare.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

interface App {
  toDeclared(): unknown;
}

const folder = process.env.GATEWRIGHT_HANDOVER;

if (folder !== undefined && isMainThread) {
  const apps: App[] = [];
  Object.assign(globalThis, { [Symbol.for('gatewright.apps')]: apps });
  process.on('exit', (code) => {
    if (code !== 0) return;
    try {
      for (const [index, app] of apps.entries())
        writeFileSync(join(folder, `${process.pid}-${index}.json`), JSON.stringify(app.toDeclared()));
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = 1;
    }
  });
}
