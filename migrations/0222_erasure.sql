-- Letters that left need neither their subject nor their link any more, and nothing names an account that was erased.

UPDATE mails SET subject = '', unsubscribe = NULL WHERE sent_at IS NOT NULL OR bounced_at IS NOT NULL;
UPDATE mails SET address = '' WHERE (sent_at IS NOT NULL OR bounced_at IS NOT NULL)
    AND account IN (SELECT id FROM accounts WHERE erased_at IS NOT NULL);
UPDATE sessions SET holder = '', agent = '' WHERE account IN (SELECT id FROM accounts WHERE erased_at IS NOT NULL);
