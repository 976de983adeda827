import type { ReactElement } from 'react';
import type { RuleDraft } from '../../figures/tuning-form.ts';
import { useAppState } from '../../stores/app-state-store.ts';
import { Button } from '../../ui/button.tsx';

const NO_LABELS: readonly string[] = [];

interface ClassRuleCardProps {
  readonly rule: RuleDraft;
  readonly onChange: (changed: Partial<RuleDraft>) => void;
  readonly onRemove: () => void;
}

/** How sure and how large detections of one class have to be. */
export function ClassRuleCard({ rule, onChange, onRemove }: ClassRuleCardProps): ReactElement {
  const labels = useAppState((store) => store.state?.model.labels ?? NO_LABELS);
  const field = (
    name: Exclude<keyof RuleDraft, 'label' | 'key'>,
    words: string,
    empty: string,
  ): ReactElement => (
    <input
      className="tuning-number number"
      inputMode="decimal"
      placeholder={empty}
      aria-label={words}
      title={words}
      data-testid={`rule-${name}`}
      value={rule[name]}
      onChange={(event) => onChange({ [name]: event.target.value })}
    />
  );
  return (
    <div className="class-rule" data-testid="class-rule">
      <div className="class-rule-head">
        <select
          aria-label="Class of the rule"
          value={rule.label}
          onChange={(event) => onChange({ label: event.target.value })}
        >
          <option value="">every other class</option>
          {[...new Set([...(rule.label === '' ? [] : [rule.label]), ...labels])].map((label) => (
            <option key={label}>{label}</option>
          ))}
        </select>
        <Button look="bare" size="small" icon="remove" label="Take the rule out" onClick={onRemove} />
      </div>
      <div className="class-rule-line">
        <span>Sure from</span>
        {field('confidence', 'Least confidence, 0 to 1', 'any')}
        <span />
        <span />
      </div>
      <div className="class-rule-line">
        <span>Height, %</span>
        {field('minHeight', 'Least height, percent of the picture’s', '0')}
        <span>to</span>
        {field('maxHeight', 'Greatest height, percent of the picture’s', '100')}
      </div>
      <div className="class-rule-line">
        <span>Area, %</span>
        {field('minArea', 'Least area, percent of the picture’s', '0')}
        <span>to</span>
        {field('maxArea', 'Greatest area, percent of the picture’s', '100')}
      </div>
    </div>
  );
}
