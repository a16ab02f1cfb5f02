// Every rule flags the lines that its cases mark and no others, has both sorts of case, and cannot be emptied unnoticed.
import { expectationsIn, mismatches } from '../../src/policy/expectations';
import { PARAMS } from '../../src/policy/params';
import type { Rule } from '../../src/policy/rule';
import { RULES } from '../../src/policy/rules';
import { findingsOf, only, project } from './judge';

/** What is wrong with a rule, by its own cases. */
function problems(rule: Rule): string[] {
  const policy = only(rule);
  const found = [...policy.diagnostics.map(({ message }) => message)];
  for (const [sort, cases] of [
    ['flagged', rule.flagged],
    ['clean', rule.clean],
  ] as const) {
    if (cases.length === 0) found.push(`no ${sort} case`);
    for (const [index, one] of cases.entries()) {
      const active = only(rule, one.params);
      found.push(...active.diagnostics.map(({ message }) => message));
      const expected = expectationsIn('gatewright.yaml', project(one.files, one.section));
      if (sort === 'flagged' && expected.length === 0) found.push(`flagged ${index} marks no line`);
      if (sort === 'clean' && expected.length > 0) found.push(`clean ${index} marks a line`);
      const findings = findingsOf(active, one);
      for (const { outcome, path } of findings)
        if (outcome === 'unknown') found.push(`${sort} ${index}: ${path} is unknown`);
      for (const { as, line, rule: id, message } of mismatches(expected, findings))
        found.push(`${sort} ${index}: ${as} ${id} at line ${line} ${message ?? ''}`);
    }
  }
  return found;
}

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test('flags what its cases mark and nothing else', () => expect(problems(rule)).toEqual([]));

  test('emptied, it is noticed', () => {
    expect(problems({ ...rule, *check() {} }).length).toBeGreaterThan(0);
    expect(
      problems({
        ...rule,
        *check() {
          yield { path: '', message: 'always' };
        },
        applies: () => true,
        needs: [],
      }).length,
    ).toBeGreaterThan(0);
  });

  test('is told apart, explained and listed', () => {
    expect(rule.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(rule.alias).toMatch(/^AIG-(SEC|ACC|GRD|LOG|LIM|RES|MOD|CST|LIF|CHG)-\d{3}$/);
    expect(RULES.filter(({ id, alias }) => id === rule.id || alias === rule.alias)).toHaveLength(1);
    expect(rule.packs).toContain('strict');
    for (const text of [rule.why, rule.fix]) expect(text).toMatch(/[.;]$/);
    for (const [name, spec] of Object.entries(rule.params))
      expect((PARAMS as Readonly<Record<string, unknown>>)[name]).toBe(spec);
  });
});
