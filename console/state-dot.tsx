import type { ComponentChildren } from 'preact';

interface StateProps {
  readonly isWell: boolean;
  readonly name: string;
  readonly children: ComponentChildren;
}

/** One part of the server, and whether it is well: by a word, a shape and a colour. */
export const StateDot = ({ isWell, name, children }: StateProps) => (
  <li class={isWell ? 'state state-well' : 'state state-ill'}>
    <span class="state-dot" aria-hidden="true">
      {isWell ? '●' : '▲'}
    </span>
    <span class="state-name">{name}</span>
    <span class="state-words">{children}</span>
  </li>
);
