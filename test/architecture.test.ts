// The shape of the code: which folder may import which, what nobody may call, what no file may be named.
// The checks are functions over texts, so that planted offences prove that they bite.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';

const ROOT = join(__dirname, '..');

/** Rows may import columns; `types` only as types. */
const MAY_IMPORT: Record<string, { values: string[]; types?: string[] }> = {
  'src/model': { values: [] },
  'src/config': { values: ['src/model'] },
  'src/wire': { values: ['src/model'] },
  'src/plan': { values: ['src/model', 'src/wire'] },
  'src/policy': { values: ['src/model', 'src/plan'] },
  'src/engines': { values: ['src/model'] },
  'src/databricks': { values: ['src/model', 'src/wire'] },
  'src/reconcile': { values: ['src/model', 'src/wire', 'src/plan', 'src/databricks'] },
  'src/render': { values: ['src/model'], types: ['src/plan', 'src/policy', 'src/reconcile'] },
  'src/simulator': { values: [] },
  'src/cli': { values: ['src'] },
  src: { values: ['src'] },
  'constructs/terraform': { values: ['src/model', 'src/config', 'src/engines', 'constructs'] },
  constructs: { values: ['src/model', 'src/config', 'constructs'] },
  bin: { values: ['src/cli', 'src/config', 'constructs'] },
};

/** Folders that are data in, data out. */
const PURE = ['src/model', 'src/wire', 'src/plan', 'src/policy', 'src/engines', 'src/render'];
const SPEAKS_HTTP = ['src/databricks', 'src/simulator'];

const BANS: { what: RegExp; allowed: RegExp; why: string }[] = [
  { what: /\bconsole\s*\./, allowed: /^src\/cli\//, why: 'prints past the redactor' },
  {
    what: /\bprocess\s*\.\s*exit\b/,
    allowed: /^bin\/gatewright\.ts$/,
    why: 'cuts off what others still write',
  },
  {
    what: /\bprocess\s*\.\s*env\b/,
    allowed: /^src\/(cli\/|databricks\/auth)/,
    why: 'reads what was not handed in',
  },
  {
    what: /\bDate\s*\.\s*now\b|\bnew Date\(\s*\)|\bMath\s*\.\s*random\b|\bperformance\s*\.\s*now\b/,
    allowed: /^src\/(cli\/|simulator\/clock\.ts$)/,
    why: 'a test cannot hold time or chance that is not injected',
  },
  {
    what: /(\bfrom|\bimport|\brequire\(|\bimport\()\s*['"](@cdktf\/|cdktf['"])/,
    allowed: /^(constructs\/terraform\/|bin\/cdktf\.ts$)/,
    why: 'cdktf is an optional peer, known in one place',
  },
  {
    what: /serving.?endpoint|model.?service|provider.?service|mcp.?service|\bendpoints?\b/i,
    allowed: /^(?!src\/(plan|render)\/)/,
    why: 'plan and render know kinds only through their rows',
  },
];
const BANNED_NAMES = /^(utils?|helpers?|common|core|misc|shared|.*manager|.*-service)\.ts$/;

interface Source {
  path: string;
  text: string;
}

function layerOf(path: string): string | undefined {
  return Object.keys(MAY_IMPORT).find((layer) => path === layer || path.startsWith(`${layer}/`));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

const IMPORT =
  /\b(import|export)\s+(type\s)?[^'";]*?\bfrom\s*'([^']+)'|\bimport\s*'([^']+)'|(typeof\s+import|\bimport|\brequire)\s*\(\s*'([^']+)'/g;

function offences({ path, text }: Source): string[] {
  const found: string[] = [];
  const code = withoutComments(text);
  const layer = layerOf(path) ?? '';
  const rule = MAY_IMPORT[layer] ?? { values: [] };
  if (!/^(#!.*\n)?\/[/*] ?\S/.test(text)) found.push(`${path}: does not open with a comment`);
  if (BANNED_NAMES.test(basename(path))) found.push(`${path}: a name that says nothing`);
  for (const { what, allowed, why } of BANS)
    if (!allowed.test(path) && what.test(code)) found.push(`${path}: ${what.exec(code)?.[0]} (${why})`);
  for (const match of code.matchAll(IMPORT)) {
    const target = match[3] ?? match[4] ?? match[6] ?? '';
    const onlyType = match[2] !== undefined || match[5]?.startsWith('typeof') === true;
    if (!target.startsWith('.')) {
      const opens = /^(undici|(node:)?(http|https|http2|net|tls|dgram))$/.test(target);
      const effects = /^node:/.test(target) && target !== 'node:crypto';
      if (opens && !onlyType && !SPEAKS_HTTP.includes(layer))
        found.push(`${path}: opens connections (${target})`);
      else if (effects && PURE.includes(layer)) found.push(`${path}: is pure and imports ${target}`);
      continue;
    }
    const there = normalize(join(dirname(path), target));
    if (!/^(src|constructs|bin)(\/|$)/.test(there)) continue;
    const allowed = [layer, ...rule.values, ...(onlyType ? (rule.types ?? []) : [])];
    if (!allowed.some((folder) => there === folder || there.startsWith(`${folder}/`)))
      found.push(`${path}: may not import ${there}`);
  }
  return found;
}

function sources(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((path) => path.endsWith('.ts') && !path.includes('generated'))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

test.each(readdirSync(ROOT).filter((name) => ['src', 'bin', 'constructs'].includes(name)))('%s', (folder) => {
  const files = sources(folder);
  expect(files.length).toBeGreaterThan(0);
  expect(files.flatMap(offences)).toEqual([]);
});

test('every folder of src has its row', () => {
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(folders.map((entry) => `src/${entry.name}`).filter((path) => !(path in MAY_IMPORT))).toEqual([]);
});

describe('planted offences are found', () => {
  const open = '// Opens.\n';
  test.each<[string, string, string]>([
    ['src/model/a.ts', `${open}import { x } from '../config/load';`, 'may not import src/config/load'],
    ['src/model/a.ts', `${open}import type { x } from '../config';`, 'may not import src/config'],
    ['src/config/a.ts', `${open}export * from '../plan/plan';`, 'may not import src/plan/plan'],
    ['src/plan/a.ts', `${open}const x = require('../render/json');`, 'may not import src/render/json'],
    ['src/plan/a.ts', `${open}const x = await import('../render/json');`, 'may not import src/render/json'],
    ['src/plan/a.ts', `${open}import '../databricks';`, 'may not import src/databricks'],
    [
      'src/plan/a.ts',
      `${open}import {\n  x,\n  y,\n} from '../databricks';`,
      'may not import src/databricks',
    ],
    ['src/render/a.ts', `${open}import { plan } from '../plan';`, 'may not import src/plan'],
    [
      'src/simulator/a.ts',
      `${open}import type { Json } from '../model/json';`,
      'may not import src/model/json',
    ],
    ['src/reconcile/a.ts', `${open}import { run } from '../cli/run';`, 'may not import src/cli/run'],
    ['src/reconcile/a.ts', `${open}import { request } from 'undici';`, 'opens connections'],
    ['src/plan/a.ts', `${open}import { readFileSync } from 'node:fs';`, 'is pure'],
    ['src/plan/a.ts', `${open}const t = Date.now();`, 'Date.now'],
    ['src/plan/a.ts', `${open}const t = new Date();`, 'new Date()'],
    ['src/config/a.ts', `${open}const r = Math.random();`, 'Math.random'],
    ['src/config/a.ts', `${open}const e = process.env.HOME;`, 'process.env'],
    ['src/cli/a.ts', `${open}process.exit(1);`, 'process.exit'],
    ['src/config/a.ts', `${open}console.log(1);`, 'console.'],
    ['src/plan/a.ts', `${open}if (kind === 'serving_endpoints') x();`, 'serving_endpoint'],
    ['src/render/a.ts', `${open}const noun = 'mcp_services';`, 'mcp_service'],
    ['src/cli/a.ts', `${open}const { App } = require('cdktf');`, 'known in one place'],
    ['constructs/a.ts', `${open}import { App } from 'cdktf';`, 'known in one place'],
    ['src/config/a.ts', `export const x = 1;`, 'does not open with a comment'],
    ['src/config/utils.ts', open, 'a name that says nothing'],
    ['src/config/plan-manager.ts', open, 'a name that says nothing'],
  ])('%s: %s', (path, text, offence) => {
    expect(offences({ path, text }).join('\n')).toContain(offence);
  });

  test.each<[string, string]>([
    ['src/render/a.ts', `${open}import type { Plan } from '../plan/plan';`],
    ['src/plan/a.ts', `${open}// Never Date.now() here.\nimport { createHash } from 'node:crypto';`],
    ['src/cli/a.ts', `${open}const { x } = require('../config') as typeof import('../config');`],
    ['src/simulator/clock.ts', `${open}const t = Date.now();`],
    ['src/config/a.ts', `${open}const kind = 'serving_endpoints';\nconst t = new Date(0);`],
    ['bin/gatewright.ts', `#!/usr/bin/env node\n// Opens.\nprocess.exit(0);`],
  ])('and %s: %s is none', (path, text) => {
    expect(offences({ path, text })).toEqual([]);
  });
});
