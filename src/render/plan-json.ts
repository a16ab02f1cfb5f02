// A plan as JSON, as schemas/plan.schema.json promises it.
import type { Plan } from '../plan/types';
import { safeJson } from './sanitise';

export function planJson(plan: Plan): string {
  return `${safeJson(plan)}\n`;
}
