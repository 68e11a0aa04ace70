import type { OpenStore } from '../../core/store.ts';
import type { StoreBreaker } from '../../stores/store-breaker.ts';
import type { ProcessDeps } from '../deps.ts';

/** What stores are opened with. */
export type StoreDeps = Pick<ProcessDeps, 'transport' | 'now' | 'monotonicMs'>;

/** Opens one kind of store; rejects if its settings or its keys are not usable. */
export type StoreOpener<Settings> = (settings: Settings, deps: StoreDeps, breaker: StoreBreaker) => Promise<OpenStore>;
