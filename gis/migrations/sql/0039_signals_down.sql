DROP FUNCTION identity_reaches(text, bigint, text);
DROP FUNCTION signal_outlines(bigint);
