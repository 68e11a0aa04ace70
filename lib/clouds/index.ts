// One line per cloud, named, so that a function which names two clouds carries two clouds.

export { aws } from './aws/cloud.ts';
export { ecs } from './ecs/cloud.ts';
export { json } from './json/dialect.ts';
export { ucloud } from './ucloud/cloud.ts';
export { tencentV2 } from './tencent-v2/cloud.ts';
export { tencentV3 } from './tencent-v3/cloud.ts';
