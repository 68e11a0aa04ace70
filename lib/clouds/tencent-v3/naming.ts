import { qcsNaming } from '../qcs.ts';
import { seconds } from './limits.ts';

export const naming = qcsNaming(seconds);
