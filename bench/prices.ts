/**
 * List prices in US dollars, us-east-1, without free tiers, of November 2025. Replace them by your own.
 * https://aws.amazon.com/dynamodb/pricing/on-demand/, https://aws.amazon.com/elasticache/pricing/ and the like.
 */
export const prices = {
  httpApiPerMillion: 1,
  lambdaPerMillion: 0.2,
  /** arm64. */
  lambdaPerGibSecond: 0.0000133334,
  dynamodbPerMillionReads: 0.125,
  dynamodbPerMillionWrites: 0.625,
  /** ElastiCache Serverless for Valkey: a command of at most 1 KB is one unit. */
  valkeyPerMillionUnits: 0.0023,
  valkeyPerGbHour: 0.084,
  logsPerGib: 0.5,
};
