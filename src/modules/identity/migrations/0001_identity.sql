CREATE SCHEMA IF NOT EXISTS identity;

-- Times come from the shop's clock, never from now().

CREATE TABLE identity.account (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('person', 'company')),
  rfc text,
  curp text,
  -- Null for a person known only as a company's representative.
  name text,
  created_at timestamptz NOT NULL,
  CHECK (kind = 'person' OR (curp IS NULL AND rfc IS NOT NULL AND name IS NOT NULL)),
  CHECK (kind = 'company' OR curp IS NOT NULL OR rfc IS NOT NULL)
);

-- Unique for all, so kept apart from what is distributed by person: curp:…, person-rfc:…, company-rfc:….
CREATE TABLE identity.account_key (
  key text PRIMARY KEY,
  account_id uuid NOT NULL
);

CREATE TABLE identity.certificate (
  account_id uuid NOT NULL,
  sha256 bytea NOT NULL,
  person_id uuid NOT NULL,
  serial text NOT NULL,
  der bytea NOT NULL,
  not_after timestamptz NOT NULL,
  first_seen_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, sha256)
);

-- Unique for all: the nonce is in the text, and is spent by setting spent_at, once.
CREATE TABLE identity.challenge (
  id uuid PRIMARY KEY,
  text text NOT NULL,
  expires_at timestamptz NOT NULL,
  spent_at timestamptz
);
CREATE INDEX challenge_expires_at ON identity.challenge (expires_at);

-- Digests of what is counted: certificates and addresses are not written here as they are.
CREATE TABLE identity.attempt (
  key bytea NOT NULL,
  window_start timestamptz NOT NULL,
  count int NOT NULL,
  PRIMARY KEY (key, window_start)
);
CREATE INDEX attempt_window_start ON identity.attempt (window_start);

-- Found by the digest of its token, which only the person's browser or program has.
CREATE TABLE identity.session (
  token_hash bytea PRIMARY KEY,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  person_id uuid NOT NULL,
  certificate_sha256 bytea NOT NULL,
  warnings text[] NOT NULL,
  -- The revocation answer it was let in on, kept in identity.revocation_answer.
  evidence_sha256 bytea,
  started_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX session_person_id ON identity.session (person_id);
CREATE INDEX session_started_at ON identity.session (started_at);

-- Raw answers of the authorities, kept as evidence; one row a distinct answer.
CREATE TABLE identity.revocation_answer (
  sha256 bytea PRIMARY KEY,
  -- Digest of the issuer's certificate.
  issuer bytea NOT NULL,
  kind text NOT NULL CHECK (kind IN ('crl', 'ocsp')),
  -- Of the certificate asked about, for ocsp.
  serial text,
  answer bytea NOT NULL,
  fetched_at timestamptz NOT NULL
);
CREATE INDEX revocation_answer_latest ON identity.revocation_answer (issuer, kind, serial, fetched_at DESC);

CREATE TABLE identity.contact_email (
  account_id uuid PRIMARY KEY,
  confirmed_address text,
  confirmed_at timestamptz,
  pending_address text,
  code_hash bytea,
  code_sent_at timestamptz,
  wrong_codes int NOT NULL DEFAULT 0,
  CHECK ((pending_address IS NULL) = (code_hash IS NULL))
);

CREATE TABLE identity.privacy_acceptance (
  account_id uuid NOT NULL,
  person_id uuid NOT NULL,
  version text NOT NULL,
  accepted_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, person_id, version)
);

CREATE TABLE identity.role_grant (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  institution text NOT NULL,
  role text NOT NULL CHECK (role IN ('officer', 'signer', 'supervisor', 'administrator')),
  granted_at timestamptz NOT NULL,
  -- Null when the operator granted it from the machine itself.
  granted_by uuid,
  grant_document uuid,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  withdraw_document uuid,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX role_grant_held ON identity.role_grant (account_id, institution, role) WHERE withdrawn_at IS NULL;
CREATE INDEX role_grant_institution ON identity.role_grant (institution, role) WHERE withdrawn_at IS NULL;

GRANT USAGE ON SCHEMA identity TO ventanilla_app;
GRANT SELECT, INSERT, UPDATE ON identity.account, identity.contact_email, identity.role_grant TO ventanilla_app;
GRANT SELECT, INSERT ON identity.account_key, identity.certificate, identity.privacy_acceptance,
  identity.revocation_answer TO ventanilla_app;
-- What only serves for minutes or hours is swept.
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.challenge, identity.attempt, identity.session TO ventanilla_app;
