// Which rules hold, from packs and policy files: the nearest layer wins, except that nobody weakens what is mandatory.
// Pure; says what is wrong with a policy file at its line.
import picomatch from 'picomatch';
import type { Diagnostic, Location } from '../model/diagnostic';
import { isList, type Json } from '../model/json';
import {
  ENFORCEMENTS,
  type Enforcement,
  type Extended,
  type PolicyFile,
  type PolicyOverride,
  type RuleSetting,
  type RuleSeverity,
  SEVERITIES,
  type WrittenParam,
} from '../model/policy';
import type { Pack, ParamSpec, Rule } from './rule';

/** A rule as it holds, before overrides. */
export interface ActiveRule {
  readonly rule: Rule;
  readonly severity: RuleSeverity;
  readonly enforcement: Enforcement;
  readonly params: Readonly<Record<string, Json>>;
  readonly because: { readonly text: string; readonly at?: Location };
  readonly audit: boolean;
  readonly overrides: readonly Override[];
}

export interface Override {
  readonly fits: (file: string | undefined, target: string) => boolean;
  readonly params: Readonly<Record<string, WrittenParam>>;
  readonly setting?: RuleSetting;
}

export interface ActivePolicy {
  readonly rules: readonly ActiveRule[];
  readonly sets: readonly string[];
  readonly mode: 'enforce' | 'audit';
  /** Errors: a policy that cannot be held fails the run. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Catalogue {
  readonly rules: readonly Rule[];
  readonly packs: readonly Pack[];
}

interface Held {
  readonly rule: Rule;
  severity: RuleSeverity;
  enforcement: Enforcement;
  off: boolean;
  params: Record<string, WrittenParam>;
  because: { readonly text: string; readonly at?: Location };
}

/** Each file is a root of its own: what one of them holds, none of the others lifts. */
export function activate(files: readonly PolicyFile[], catalogue: Catalogue): ActivePolicy {
  const work = new Activation(catalogue);
  const rules = files.flatMap((file) => work.root(file));
  const audits = files.length > 0 && files.every(({ mode }) => mode === 'audit');
  return { rules, sets: work.sets, mode: audits ? 'audit' : 'enforce', diagnostics: work.diagnostics };
}

class Activation {
  readonly diagnostics: Diagnostic[] = [];
  readonly sets: string[] = [];
  constructor(private readonly catalogue: Catalogue) {}

  root(file: PolicyFile): ActiveRule[] {
    const held = new Map<string, Held>();
    const params: Record<string, WrittenParam> = {};
    const overrides: Override[] = [];
    this.#layer(file, held, params, overrides);
    return [...held.values()]
      .filter(({ off }) => !off)
      .map((one) => ({
        rule: one.rule,
        severity: one.severity,
        enforcement: one.enforcement,
        params: valuesOf(one.rule, { ...params, ...one.params }),
        because: one.because,
        audit: file.mode === 'audit',
        overrides: overrides.filter(
          ({ setting, params: own }) =>
            setting?.rule === one.rule.id || (setting === undefined && Object.keys(own).length > 0),
        ),
      }));
  }

  #layer(
    file: PolicyFile,
    held: Map<string, Held>,
    params: Record<string, WrittenParam>,
    overrides: Override[],
  ): void {
    for (const one of file.extends) this.#extend(one, held, params, overrides);
    if (file.file !== '' && !this.sets.includes(file.file)) this.sets.push(file.file);
    Object.assign(params, this.#checked(file.params));
    for (const setting of file.rules) {
      const rule = this.#ruleOf(setting);
      if (rule !== undefined) this.#hold(rule, setting, held);
    }
    for (const override of file.overrides) this.#override(override, held, overrides);
  }

  #extend(
    extended: Extended,
    held: Map<string, Held>,
    params: Record<string, WrittenParam>,
    overrides: Override[],
  ): void {
    if ('policy' in extended) return this.#layer(extended.policy, held, params, overrides);
    const pack = this.catalogue.packs.find((name) => name === extended.pack);
    if (pack === undefined) {
      this.#error('unknown-pack', `there is no pack "${extended.pack}"`, extended.at, {
        help: `The packs are ${this.catalogue.packs.join(', ')}; a file of your own ends in .yaml.`,
      });
      return;
    }
    if (!this.sets.includes(pack)) this.sets.push(pack);
    for (const rule of this.catalogue.rules.filter(({ packs }) => packs.includes(pack))) {
      if (held.has(rule.id)) continue;
      held.set(rule.id, {
        rule,
        severity: rule.severity,
        enforcement: rule.enforcement,
        off: false,
        params: {},
        because: { text: `held by pack ${pack}`, ...(extended.at === undefined ? {} : { at: extended.at }) },
      });
    }
  }

  #hold(rule: Rule, setting: RuleSetting, held: Map<string, Held>): void {
    const before = held.get(rule.id);
    const next: Held = {
      rule,
      severity: setting.severity ?? before?.severity ?? rule.severity,
      enforcement: setting.enforcement ?? before?.enforcement ?? rule.enforcement,
      off: setting.off,
      params: { ...before?.params, ...this.#checked(setting.params, rule) },
      because: { text: 'held here', at: setting.at },
    };
    if (before !== undefined && this.#weakens(before, next, setting)) return;
    held.set(rule.id, next);
  }

  #weakens(
    before: Pick<Held, 'severity' | 'enforcement' | 'because' | 'rule'>,
    next: Held,
    setting: RuleSetting,
  ): boolean {
    const lowered =
      ENFORCEMENTS.indexOf(next.enforcement) < ENFORCEMENTS.indexOf(before.enforcement) ||
      SEVERITIES.indexOf(next.severity) < SEVERITIES.indexOf(before.severity) ||
      Object.keys(setting.params).length > 0;
    if (before.enforcement !== 'mandatory' || !(setting.off || lowered)) return false;
    this.diagnostics.push({
      code: 'policy-weakened',
      severity: 'error',
      message: `${before.rule.id} is mandatory: it cannot be ${setting.off ? 'switched off' : 'changed'} here`,
      at: setting.at,
      because: before.because,
      help: 'Change it where it is made mandatory.',
    });
    return true;
  }

  #override(override: PolicyOverride, held: Map<string, Held>, overrides: Override[]): void {
    const files = override.files === undefined ? () => true : picomatch([...override.files], { dot: true });
    const targets = override.targets === undefined ? () => true : picomatch([...override.targets]);
    const fits = (file: string | undefined, target: string) =>
      (override.files === undefined || (file !== undefined && files(file))) && targets(target);
    const params = this.#checked(override.params);
    if (Object.keys(params).length > 0) overrides.push({ fits, params });
    for (const setting of override.rules) {
      const rule = this.#ruleOf(setting);
      if (rule === undefined) continue;
      const before = held.get(rule.id);
      if (before === undefined) {
        this.#error(
          'rule-not-held',
          `${rule.id} does not hold, so nothing can differ for some files`,
          setting.at,
          {
            help: `Name it under rules, or extend a pack that holds it: ${rule.packs.join(', ')}.`,
          },
        );
        continue;
      }
      const next: Held = {
        ...before,
        severity: setting.severity ?? before.severity,
        enforcement: setting.enforcement ?? before.enforcement,
      };
      if (this.#weakens(before, next, setting)) continue;
      overrides.push({ fits, params: this.#checked(setting.params, rule), setting });
    }
  }

  #ruleOf(setting: RuleSetting): Rule | undefined {
    const rule = this.catalogue.rules.find(({ id, alias }) => id === setting.rule || alias === setting.rule);
    if (rule === undefined) {
      this.#error('unknown-rule', `there is no rule "${setting.rule}"`, setting.at, {
        help: '`gatewright policy list` names them all.',
      });
    }
    return rule;
  }

  #checked(params: Readonly<Record<string, WrittenParam>>, of?: Rule): Record<string, WrittenParam> {
    const specs: Readonly<Record<string, ParamSpec>> =
      of?.params ?? Object.assign({}, ...this.catalogue.rules.map((rule) => rule.params));
    return Object.fromEntries(
      Object.entries(params).filter(([name, { value, at }]) => {
        const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
        if (spec === undefined) {
          const known = Object.keys(specs).sort().join(', ');
          const whose = of === undefined ? 'no rule has' : `${of.id} does not have`;
          this.#error('unknown-param', `${whose} a parameter "${name}"`, at, {
            help: known === '' ? 'It takes none.' : `Parameters: ${known}.`,
          });
          return false;
        }
        if (fits(spec, value)) return true;
        const says = { texts: 'a list of texts', number: 'a number', text: 'a text' }[spec.type];
        this.#error('bad-param', `${name} must be ${says}`, at, { help: spec.says });
        return false;
      }),
    );
  }

  #error(code: string, message: string, at: Location | undefined, { help }: { readonly help: string }): void {
    this.diagnostics.push({ code, severity: 'error', message, ...(at === undefined ? {} : { at }), help });
  }
}

function fits({ type }: ParamSpec, value: Json): boolean {
  if (type === 'texts') return isList(value) && value.every((one) => typeof one === 'string');
  return type === 'number' ? typeof value === 'number' : typeof value === 'string';
}

function valuesOf(rule: Rule, written: Readonly<Record<string, WrittenParam>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(rule.params).map(([name, spec]) => [name, written[name]?.value ?? (spec.default as Json)]),
  );
}

/** A rule as it holds for one resource; undefined where an override switches it off. */
export function forResource(
  active: ActiveRule,
  file: string | undefined,
  target: string,
): ActiveRule | undefined {
  let held: ActiveRule | undefined = active;
  for (const { fits, params, setting } of active.overrides) {
    if (!fits(file, target)) continue;
    if (setting?.off === true) return undefined;
    const own = Object.entries(params).filter(([name]) => Object.hasOwn(active.rule.params, name));
    held = {
      ...held,
      severity: setting?.severity ?? held.severity,
      enforcement: setting?.enforcement ?? held.enforcement,
      params: { ...held.params, ...Object.fromEntries(own.map(([name, { value }]) => [name, value])) },
      ...(setting === undefined ? {} : { because: { text: held.because.text, at: setting.at } }),
    };
  }
  return held;
}
