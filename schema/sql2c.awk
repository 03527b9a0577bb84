# Turns numbered SQL files into rows of C: MIGRATION(1, "…").
FNR == 1 {
	if (NR > 1)
		print ")"
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.sql$/, "", name)
	printf "MIGRATION(%d,\n", name + 0
}
{
	sub(/[ \t]*-- .*$/, "")
	sub(/^--.*$/, "")
	if ($0 == "")
		next
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	printf "\"%s\\n\"\n", $0
}
END { print ")" }
