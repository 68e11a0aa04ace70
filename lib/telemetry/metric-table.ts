const kind =
  <const Kind extends 'counter' | 'gauge' | 'histogram'>(name: Kind) =>
  <const Labels extends readonly string[]>(help: string, ...labels: Labels) => ({ kind: name, help, labels });

const counter = kind('counter');
const gauge = kind('gauge');
const histogram = kind('histogram');

/**
 * Every metric of a process: what it means and the labels that tell its figures apart. No label has a value that a
 * caller chooses: accounts and leases are named by the configuration, all others by closed tables.
 */
export const metricTable = {
  credmint_requests_total: counter(
    'Requests answered, by dialect, operation and outcome.',
    'dialect',
    'operation',
    'outcome',
  ),
  credmint_request_seconds: histogram('From the first look at a request to its answer.', 'operation', 'outcome'),
  credmint_requests_under_way: gauge('Requests in flight.'),
  credmint_requests_refused_total: counter(
    'Requests told to come back, because the limit of requests in flight was reached.',
  ),
  credmint_cache_hits_total: counter('Mints answered from what is kept.'),
  credmint_cache_misses_total: counter('Mints that a cloud was asked for.'),
  credmint_cache_coalesced_total: counter('Mints that waited for another request for the same.'),
  credmint_cache_refreshes_total: counter('Credentials refreshed before they were needed.'),
  credmint_cache_entries: gauge('Credentials kept.'),
  credmint_cloud_call_seconds: histogram(
    'Calls to clouds, each attempt by itself, by account and outcome.',
    'account',
    'outcome',
  ),
  credmint_quota_wait_seconds: histogram(
    "Waits for a turn of an account's quota, had or given up.",
    'account',
    'outcome',
  ),
  credmint_breaker_open: gauge("Whether an account's cloud does not answer, and is left alone.", 'account'),
  credmint_store_up: gauge('Whether the store answers: if not, it is left alone but for probes.'),
  credmint_audit_up: gauge('Whether the audit trail takes records: if not, nothing is given out.'),
  credmint_audit_failures_total: counter(
    'Records that could not be written, or that there was no room for; each withheld an answer.',
  ),
  credmint_audit_waiting_records: gauge('Records that are not written yet, of requests in flight as well.'),
  credmint_audit_stalled_seconds: gauge('For how long the audit sink has taken nothing of what waits.'),
  credmint_lease_age_seconds: gauge('Since the credentials of a lease were minted.', 'lease'),
  credmint_lease_expires_in_seconds: gauge('Until the credentials of a lease end; absent if it has none.', 'lease'),
  credmint_lease_next_refresh_seconds: gauge(
    'Until the next refresh of a lease is due; less than 0: it is late.',
    'lease',
  ),
  credmint_lease_failures: gauge('Refreshes of a lease that failed in a row.', 'lease'),
  credmint_lease_delivery_failures: gauge('Deliveries of a lease that failed in a row.', 'lease'),
} as const;
