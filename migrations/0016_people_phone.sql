-- A phone number that somebody gives as his although it is another account's: he is called under it, and nobody
-- learns from the page that the other account is there. Signing in stays with the owner of `phone`.
alter table accounts.people add column phone_asked text;
