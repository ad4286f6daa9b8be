-- Judging those alone whom other thresholds concern. Attached: the version as inv, its facts as whole.

-- :name all
-- What an evaluation looks at as f: everybody, to begin with.
CREATE SCHEMA f;
CREATE VIEW f.facts AS FROM whole.facts;
CREATE VIEW f.products AS FROM whole.products;
CREATE VIEW f.set_items AS FROM whole.set_items;
CREATE VIEW f.persons AS FROM whole.persons;
CREATE VIEW f.seats AS FROM whole.seats

-- :name concerned
CREATE TABLE concerned (user_no INTEGER)

-- :name concerned_seats
INSERT INTO concerned
SELECT s.user_no FROM seats s JOIN products p USING (sku_no)
WHERE coalesce({before}, FALSE) <> coalesce({after}, FALSE)

-- :name concerned_needs
INSERT INTO concerned
SELECT p.user_no FROM f.persons p
WHERE {needs_before} <> {needs_after}
    AND p.user_no IN (SELECT s.user_no FROM seats s JOIN products p USING (sku_no) WHERE {after})

-- :name how_many
SELECT (SELECT count(DISTINCT user_no) FROM concerned), (SELECT count(*) FROM whole.persons)

-- :name few
DROP VIEW f.persons;
DROP VIEW f.seats;
CREATE TABLE f.persons AS FROM whole.persons SEMI JOIN concerned USING (user_no);
CREATE TABLE f.seats AS SELECT * EXCLUDE (group_id) FROM whole.seats SEMI JOIN concerned USING (user_no)
