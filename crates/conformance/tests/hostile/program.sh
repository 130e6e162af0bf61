# A one-shot program that behaves in the way that its first argument names.
case $1 in
accepts) cat >/dev/null; exit 0 ;;
accepts-unread) exit 0 ;;
accepts-and-talks) cat >/dev/null; echo 'reject?'; exit 0 ;;
accepts-loudly) yes reject | head -c 5000000; exit 0 ;;
accepts-and-floods-stderr) yes noise | head -c 5000000 >&2; exit 0 ;;
accepts-with-grandchild) sleep 1000 & exit 0 ;;
rejects) cat >/dev/null; echo 'reject: no good'; exit 1 ;;
rejects-unread) exec <&-; echo reject; exit 1 ;;
rejects-in-line-2) echo 'looking'; echo 'rejected'; exit 1 ;;
rejects-without-line-end) printf reject; exit 1 ;;
rejects-with-crlf) printf 'looking\r\nreject\r\n'; exit 1 ;;
rejects-at-last) yes looking | head -c 5000000; echo; echo reject; exit 1 ;;
rejects-with-grandchild) echo reject; sleep 1000 & exit 1 ;;
silent-1) exit 1 ;;
rejects-on-stderr) echo reject >&2; exit 1 ;;
rejects-within-a-line) echo 'I reject it'; exit 1 ;;
exit-2) echo reject; exit 2 ;;
exit-3) exit 3 ;;
killed) echo reject; kill -KILL $$ ;;
hangs) exec sleep 1000 ;;
hangs-with-grandchild) sleep 1000; exit 0 ;;
hangs-closed) exec <&- >&- 2>&-; exec sleep 1000 ;;
floods) yes reject ;;
esac
