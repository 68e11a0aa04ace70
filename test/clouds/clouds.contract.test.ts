import { clouds } from '../../lib/clouds/dialects.ts';
import { describeClouds } from '../support/cloud-contract.ts';

describeClouds(clouds);
