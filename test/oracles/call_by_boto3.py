"""Calls an STS by boto3: reads what to call as JSON on stdin, writes what came back as JSON on stdout."""

import json
import sys

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError


def client(said):
    options = {"retries": {"max_attempts": 0}}
    if said.get("unsigned"):
        options["signature_version"] = UNSIGNED
    credentials = said.get("credentials", {})
    return boto3.client(
        "sts",
        endpoint_url=said["endpoint"],
        region_name="us-east-1",
        aws_access_key_id=credentials.get("AccessKeyId"),
        aws_secret_access_key=credentials.get("SecretAccessKey"),
        aws_session_token=credentials.get("SessionToken"),
        config=Config(**options),
    )


def answer(said):
    sts = client(said)
    if said["operation"] == "generate_presigned_url":
        return sts.generate_presigned_url("get_caller_identity", ExpiresIn=60, **said.get("parameters", {}))
    try:
        reply = getattr(sts, said["operation"])(**said.get("parameters", {}))
    except ClientError as error:
        return {"Error": error.response["Error"], "Status": error.response["ResponseMetadata"]["HTTPStatusCode"]}
    del reply["ResponseMetadata"]
    return reply


print(json.dumps([answer(said) for said in json.load(sys.stdin)], default=str))
