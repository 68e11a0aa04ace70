/** Actions that clients use together: a policy with one of them and without another fails halfway. */
export interface ActionFamily {
  readonly name: string;
  readonly actions: readonly [string, ...string[]];
}

/** How an object is uploaded, by the size of it and by who uploads. */
const families: readonly ActionFamily[] = [
  {
    // https://cloud.tencent.com/document/product/436/65655
    name: 'a multipart upload to COS',
    actions: [
      'cos:InitiateMultipartUpload',
      'cos:UploadPart',
      'cos:CompleteMultipartUpload',
      'cos:ListMultipartUploads',
      'cos:ListParts',
      'cos:AbortMultipartUpload',
    ],
  },
  // https://cloud.tencent.com/document/product/436/14690: forms of browsers and mini programs.
  { name: 'an upload to COS by a form', actions: ['cos:PostObject'] },
  { name: 'an upload to COS at once', actions: ['cos:PutObject'] },
  {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    name: 'a multipart upload to S3',
    actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
  },
];

/** The families of the same service whose actions upload objects, if this one does. */
export const familiesOf = (action: string): readonly ActionFamily[] => {
  const plain = action.replace(/^name\//, '').toLowerCase();
  const isOne = families.some(({ actions }) => actions.some((one) => one.toLowerCase() === plain));
  return isOne ? families.filter(({ actions }) => actions[0].split(':', 1)[0] === plain.split(':', 1)[0]) : [];
};
