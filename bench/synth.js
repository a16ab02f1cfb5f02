// `node bench/synth.js [endpoints]` after `npm run build`: synth of 1,000 endpoints by default, in each form, beside the
// same stack built by cdktf alone. Time and peak memory of whole processes, medians; quote the ratios to `node -e 0`.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');

const home = resolve(__dirname, '..');
const bin = join(home, 'dist/bin');
const RUNS = Number(process.env.BENCH_RUNS ?? 5);
/** The shell's own, but for what names a workspace. */
const OWN = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('DATABRICKS_')),
);
const PEAK = `process.on('exit', () => process.stderr.write('\\npeak ' + process.resourceUsage().maxRSS + '\\n'))`;

function project(size) {
  const entries = Array.from(
    { length: size },
    (_, index) => `  e${index}:
    config:
      served_entities:
        - name: gpt
          traffic_percentage: 80
          external_model: { name: gpt-5, provider: openai, task: llm/v1/chat, openai_config: { openai_api_key: "{{secrets/llm/openai}}" } }
        - name: claude
          traffic_percentage: 20
          external_model: { name: claude-4, provider: anthropic, task: llm/v1/chat, anthropic_config: { anthropic_api_key: "{{secrets/llm/anthropic}}" } }
    ai_gateway:
      usage_tracking_config: { enabled: true }
      rate_limits: [{ key: user, calls: 60 }, { key: endpoint, tokens: 100000 }]
      guardrails: { input: { pii: { behavior: BLOCK } }, output: null }
      inference_table_config: { enabled: true, catalog_name: ml, schema_name: logs, table_name_prefix: e${index} }
      fallback_config: { enabled: true }
    tags: [{ key: team, value: t${index % 9} }]
    permissions: [{ group_name: g${index % 9}, permission_level: CAN_QUERY }]
`,
  );
  return `project: bench\ntargets: { prod: { host: https://bench.example.com } }\nserving_endpoints:\n${entries.join('')}`;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function measured(argv, cwd) {
  const runs = Array.from({ length: RUNS }, () => {
    const begun = process.hrtime.bigint();
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', join(cwd, 'peak.js'), ...argv], {
      cwd,
      env: { ...OWN, CDKTF_OUTDIR: join(cwd, 'out') },
      encoding: 'utf8',
      maxBuffer: 256_000_000,
    });
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr.slice(-800)}`);
    const ms = Number(process.hrtime.bigint() - begun) / 1e6;
    return { ms, mb: Number(/peak (\d+)/.exec(stderr)?.[1] ?? 0) / 1024, kb: stdout.length / 1024 };
  });
  const of = (name) => median(runs.map((run) => run[name]));
  return { ms: of('ms'), mb: of('mb'), kb: of('kb') };
}

/** The same resources, built by the bindings from data that is there already: what cdktf costs by itself. */
const ALONE = `
const { App, TerraformStack, LocalBackend } = require('cdktf');
const { asProperties } = require(${JSON.stringify(join(home, 'dist/src/engines'))});
const { DatabricksProvider } = require('@cdktf/provider-databricks/lib/provider');
const classes = {
  databricks_model_serving: require('@cdktf/provider-databricks/lib/model-serving').ModelServing,
  databricks_permissions: require('@cdktf/provider-databricks/lib/permissions').Permissions,
};
const app = new App();
const stack = new TerraformStack(app, 'alone');
new DatabricksProvider(stack, 'databricks', {});
new LocalBackend(stack, { path: 'alone.tfstate' });
for (const [type, all] of Object.entries(require('./main.tf.json').resource))
  for (const [label, { lifecycle, ...body }] of Object.entries(all))
    new classes[type](stack, type + label, asProperties(type, body));
app.synth();
`;

function main(size) {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-bench-'));
  try {
    writeFileSync(join(folder, 'peak.js'), PEAK);
    writeFileSync(join(folder, 'gatewright.yaml'), project(size));
    const bare = measured(['-e', '0'], folder);
    console.log(
      `machine: ${process.platform} ${process.arch}, node ${process.version}, ${RUNS} runs each, medians`,
    );
    console.log(`${size} endpoints; node -e 0: ${bare.ms.toFixed(0)} ms, ${bare.mb.toFixed(0)} MB\n`);
    console.log('what                            ms   x node     MB   out kB');
    const row = (what, argv) => {
      const { ms, mb, kb } = measured(argv, folder);
      const numbers = [
        ms.toFixed(0).padStart(7),
        (ms / bare.ms).toFixed(1).padStart(8),
        mb.toFixed(0).padStart(6),
      ];
      console.log(`${what.padEnd(26)} ${numbers.join(' ')} ${kb.toFixed(0).padStart(8)}`);
    };
    const synth = [join(bin, 'gatewright.js'), 'synth'];
    row('validate', [join(bin, 'gatewright.js'), 'validate']);
    row('synth', synth);
    row('synth --to terraform', [...synth, '--to', 'terraform']);
    row('synth --to bundle', [...synth, '--to', 'bundle']);
    row('cdktf app of ours', [join(bin, 'cdktf.js')]);
    const printed = spawnSync(process.execPath, [...synth, '--to', 'terraform'], {
      cwd: folder,
      env: OWN,
      maxBuffer: 256_000_000,
    });
    writeFileSync(join(folder, 'main.tf.json'), printed.stdout);
    writeFileSync(join(folder, 'alone.js'), ALONE);
    symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'), 'junction');
    row('cdktf alone, from data', [join(folder, 'alone.js')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main(Number(process.argv[2] ?? 1000));
