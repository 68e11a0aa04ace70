import { expect, it } from 'vitest';
import { checkParameters, givenParameters } from '../../../scripts/aws/parameters.ts';

const check = (...words: readonly string[]) => checkParameters(givenParameters(words));

it.each([
  [['--param=domain=sts.example.com'], 'domain needs certificate'],
  [['--param', 'certificate=arn:aws:acm:eu-central-1:123456789012:certificate/1'], 'certificate needs domain'],
  [['--param=truststore=s3://bucket/ca.pem'], 'truststore needs domain'],
  [['--param=subnetIds=subnet-1,subnet-2'], 'subnetIds needs securityGroupIds'],
  [['--param=tags=aws:team=a'], 'tags has aws:team, which is not KEY=VALUE as AWS takes it'],
  [['--param=tags=team'], 'tags has team, which is not KEY=VALUE'],
  [['--param=tracing=yes'], 'tracing is true or false'],
  [['--param=assumeRoleArns=arn:aws:iam::123456789012:role/*'], 'which is not the ARN of one role'],
  [
    ['--param=assumeRoleArn=arn:aws:iam::123456789012:role/a'],
    'there is no assumeRoleArn; did you mean assumeRoleArns?',
  ],
  [['--param=nonsense=1'], 'there is no nonsense.'],
  [['--param=config=/etc/live.config.json'], 'the configuration is named with --config FILE'],
])(
  'parameters that there are not, or that contradict each other, are refused before anything is built: %j',
  (words, message) => {
    expect(() => check(...words)).toThrow(message);
  },
);

it('parameters that belong together pass', () => {
  expect(() =>
    check(
      ...['--stage', 'live', '--param=domain=sts.example.com', '--param', 'certificate=arn:aws:acm:a:1:certificate/1'],
      '--param=tags=team=platform,cost-centre=47=11',
      ...['--param=tracing=true', '--param=assumeRoleArns=arn:aws:iam::123456789012:role/a/b'],
    ),
  ).not.toThrow();
});
