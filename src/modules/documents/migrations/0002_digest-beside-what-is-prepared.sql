-- What will be signed is known when the document is prepared: the signature is verified against it, and put into the document where it lies.
alter table documents.preparation add column digest bytea;
update documents.preparation
  set digest = sha256(substr(pdf, byte_range[1] + 1, byte_range[2]) || substr(pdf, byte_range[3] + 1, byte_range[4]))
  where document_id is null;
