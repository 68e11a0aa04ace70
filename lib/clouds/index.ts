// One line per cloud, named, so that a function which names two clouds carries two clouds.
export { aws } from './aws/cloud.ts';
