-- The passages of a letter that the law demands stand outside the text that people edit, and are printed whatever is typed.
-- Letters drafted before hold all their text in body; theirs is looked through for the three parts, as it was.
alter table letters add column passages blob;
