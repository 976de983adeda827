import type { ButtonHTMLAttributes, ReactElement } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  readonly look?: 'plain' | 'primary' | 'bare' | 'danger';
  readonly size?: 'small' | 'medium' | 'large';
  readonly icon?: IconName;
  /** The words of a button that shows only its icon. */
  readonly label?: string;
  /** Sends the form it stands in. */
  readonly submit?: boolean;
  readonly 'data-testid'?: string;
}

export function Button({
  look = 'plain',
  size = 'medium',
  icon,
  label,
  submit = false,
  children,
  ...rest
}: ButtonProps): ReactElement {
  return (
    <button
      type={submit ? 'submit' : 'button'}
      className="button"
      data-look={look}
      data-size={size}
      aria-label={label}
      title={label}
      {...rest}
    >
      {icon === undefined ? null : <Icon name={icon} size={size === 'small' ? 14 : 16} />}
      {children}
    </button>
  );
}
