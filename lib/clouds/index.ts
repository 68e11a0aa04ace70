// Named, so that a function carries what it names and nothing else: `aws` is AWS both ways, `awsUpstream` only how it
// is called.

export { alibaba } from './alibaba/cloud.ts';
export { alibabaUpstream } from './alibaba/upstream.ts';
export { aws } from './aws/cloud.ts';
export { awsUpstream } from './aws/upstream.ts';
export { ecs } from './ecs/cloud.ts';
export { ecsUpstream } from './ecs/upstream.ts';
export { json } from './json/dialect.ts';
export { tencentV2 } from './tencent-v2/cloud.ts';
export { tencentV2Upstream } from './tencent-v2/upstream.ts';
export { tencentV3 } from './tencent-v3/cloud.ts';
export { tencentV3Upstream } from './tencent-v3/upstream.ts';
export { ucloud } from './ucloud/cloud.ts';
export { ucloudUpstream } from './ucloud/upstream.ts';
