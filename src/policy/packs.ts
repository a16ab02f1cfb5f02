// The packs, and the catalogue that policy files choose from.
import type { Catalogue } from './active';
import type { Pack } from './rule';
import { RULES } from './rules';

export interface PackRow {
  readonly name: Pack;
  readonly says: string;
}

export const PACKS: readonly PackRow[] = [
  { name: 'recommended', says: 'What nearly everybody wants held. A sane project has few findings.' },
  { name: 'strict', says: 'Every rule.' },
];

export const CATALOGUE: Catalogue = { rules: RULES, packs: PACKS.map(({ name }) => name) };
