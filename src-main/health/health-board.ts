import type { HealthComponent, Severity } from '#shared/domain/health.ts';
import type { Finding } from './facts.ts';

/** A component that is another than before; `before` is null when it is new, `now` when it is gone. */
export interface HealthChange {
  readonly component: HealthComponent;
  readonly before: Severity | null;
  readonly now: Severity | null;
}

const isQuiet = (severity: Severity): boolean => severity === 'ok' || severity === 'info';

/** Remembers since when each component is as it is, and tells changes of severity, nothing else. */
export class HealthBoard {
  #components = new Map<string, HealthComponent>();

  get components(): HealthComponent[] {
    return [...this.#components.values()];
  }

  /** Takes the findings of one moment. A component that comes or goes in good health is no news. */
  take(findings: readonly Finding[], wallMs: number): HealthChange[] {
    const before = this.#components;
    const changes: HealthChange[] = [];
    this.#components = new Map(
      findings.map((finding) => {
        const old = before.get(finding.id);
        const same = old?.severity === finding.severity;
        const component = { ...finding, sinceWallMs: same ? old.sinceWallMs : wallMs };
        const news = old === undefined ? !isQuiet(finding.severity) : !same;
        if (news) changes.push({ component, before: old?.severity ?? null, now: finding.severity });
        return [finding.id, component];
      }),
    );
    for (const [id, component] of before) {
      if (this.#components.has(id) || isQuiet(component.severity)) continue;
      changes.push({ component, before: component.severity, now: null });
    }
    return changes;
  }
}
