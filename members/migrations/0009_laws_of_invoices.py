from django.db import migrations

INVOICES_STAY = """
CREATE FUNCTION refuse_change_of_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was issued or recorded in the accounts cannot be changed or deleted.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER invoice_stays BEFORE UPDATE OR DELETE ON members_invoice
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_accounts();
CREATE TRIGGER payment_stays BEFORE UPDATE OR DELETE ON members_payment
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_accounts();

CREATE FUNCTION invoice_takes_the_next_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Waits for whoever holds the counter; on a rollback, counter and invoice go back together.
    INSERT INTO members_invoicecounter AS counter (id, last) VALUES (1, 1)
        ON CONFLICT (id) DO UPDATE SET last = counter.last + 1
        RETURNING last INTO NEW.number;
    RETURN NEW;
END $$;
CREATE TRIGGER invoice_takes_the_next_number BEFORE INSERT ON members_invoice
    FOR EACH ROW EXECUTE FUNCTION invoice_takes_the_next_number();
"""
INVOICES_GO = """
DROP TRIGGER invoice_takes_the_next_number ON members_invoice;
DROP FUNCTION invoice_takes_the_next_number();
DROP TRIGGER payment_stays ON members_payment;
DROP TRIGGER invoice_stays ON members_invoice;
DROP FUNCTION refuse_change_of_accounts();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0008_membership")]
    operations = [migrations.RunSQL(INVOICES_STAY, INVOICES_GO)]
