// Words that carry an attack's meaning, by concept and across languages, so that what is learned of one wording holds for
// its translations too. A word alone means nothing here: the model weighs which concepts follow each other. Written by
// hand for this project; spellings are folded when the table is made. `*` ends a stem.

export const concepts = {
  override: `ignore ignores ignored ignoring disregard disregarded disregarding disregards forget forgetting forgot override
    overrides overriding overridden bypass bypassing bypassed neglect discard discarding dismiss overlook overrule supersede
    supersedes superseded superseding cancel nullify void revoke revoked erase abandon suspend suspended circumvent disobey
    violate unlearn delete scrap ditch omit skip invalidate obsolete deactivate disable disabled disabling drop
    ignorier* vergiss vergesst vergessen missacht* ueberschreib* überschreib* umgeh* verwirf verwerfen außer
    ignore* ignorez oublie oubliez oublier négligez contourne* outrepass* annule* désactiv* écarte*
    ignora ignorad ignorar ignoren ignores olvida olvide olvidad olvidar omite omita omitir descarta* anula* desestim* desactiv*
    ignorate ignori ignorare dimentica dimenticate dimenticare scarta tralascia* annulla* aggira* disattiv*
    ignorem esqueça esquece esquecer desconsider* descarte contorne desative* burle
    negeer negeren vergeet vergeten omzeil* ignoruj* zignoruj* pomin* pomiń zapomnij zapomnieć obejdź
    игнориру* проигнориру* забудь* забыть отмени* обойди* отбрось* пренебреги* ігнору* забудьте забудь скасуй
    ysay görmezden unut unutun yoksay boşver tamamen geçersiz تجاهل تجاهلي تجاهلوا انسى انس تجاوز نادیده فراموش
    अनदेखा भूल भूलो अनदेखी नज़रअंदाज़ bỏ quên lờ abaikan lupakan hiraukan kesampingkan ignorera glöm bortse ignorer glem
    unohda ohita zapomeň ignorujte zanedbej ignorați uită uitați felejtsd hagyd αγνόησε αγνοήστε ξέχνα ξέχασε התעלם התעלמו שכח
    忽略 无视 無視 忘记 忘掉 忘記 不要理会 不用管 抛开 绕过 無視し 忘れ 取り消 무시* 잊어* 잊고 উপেক্ষা ভুলে`,
  prior: `previous previously prior earlier above preceding former foregoing past existing aforementioned initial before old
    vorherig* vorig* bisherig* obig* früher* vorangegangen* précédent* antérieur* dessus avant anterior* previo* previa* previos
    previas anteriores arriba precedent* sopra prévi* acima vorige eerdere bovenstaande poprzedni* wcześniejsz* powyższ* dotychczasow*
    предыдущ* прежн* прошл* выше ранее попередн* önceki yukarıdaki daha السابقة السابق قبلی قبلی پیشین पिछले पिछली पहले ऊपर trước trên
    sebelumnya sebelum atas tidigare föregående forrige tidligere aiemmat edelliset předchozí anterioare korábbi előző προηγούμεν* קודמות הקודמות
    之前 以前 先前 以上 上面 前面 上述 此前 前の これまで 上記 이전* 앞선 위의 পূর্ববর্তী আগের`,
  every: `all any every everything entire whole each anything none alle alles jede sämtliche toutes tous tout todas todos todo toda
    cualquier tutte tutti tutto tudo qualquer wszystk* wszelk* все всех всё всі tüm bütün hepsini جميع كل همه تمام सभी सब tất cả mọi semua
    seluruh segala alla kaikki všechny vše toate összes minden όλες όλα כל 所有 全部 一切 任何 すべて 全て 모든 모두 সমস্ত সব`,
  guidance: `instruction instructions directive directives rule rules guideline guidelines prompt prompts command commands order
    orders constraint constraints restriction restrictions policy policies protocol protocols safeguard safeguards guardrail
    guardrails filter filters training programming limitation limitations parameters directions orientation guidance told
    requirements safety boundaries principles anweisung* instruktion* regel regeln vorgabe* befehl* richtlinie* vorschrift* einschränkung*
    consigne* règle* directive* ordre* restriction* instrucción instruccion* regla* orden órdenes directriz directrices norma* indicacion*
    istruzion* regole regola ordini direttiv* indicazion* restrizion* instruç* instrucoes regras regra ordens diretriz* restriç* restricoes
    instructies instructie regels opdracht* richtlijn* instrukcj* polece* zasad* reguł* wytyczn* ogranicze* инструкц* указани* правил*
    команд* ограничен* директив* інструкц* вказівк* обмеженн* talimat* kural* komut* yönerge* kısıtlama* التعليمات تعليمات القواعد الأوامر
    القيود دستور* قوانین قوانین निर्देश* नियम* आदेश* hướng dẫn lệnh quy tắc chỉ instruksi perintah aturan petunjuk arahan batasan
    instruktioner regler begränsning* instruktioner ohjeet ohjeita säännöt pokyny instrukce pravidla instrucțiuni* reguli* utasítás* szabály*
    οδηγίες κανόνες εντολές הוראות הנחיות כללים 指令 指示 规则 規則 命令 说明 提示 约束 限制 设定 要求 指导 ルール 制約 制限 プロンプト
    지시* 명령* 규칙* 지침* 제한* 제약* নির্দেশ* নিয়ম*`,
  system: `system developer hidden internal admin administrator root sudo superuser base core master configuration preamble
    systemprompt sysprompt backend système sistema systeem systém систем* системн* sistem النظام نظام سیستم सिस्टम hệ thống systemet
    järjestelmän rendszer συστήματος המערכת 系统 系統 开发者 管理员 システム 開発者 管理者 시스템* 개발자* 관리자* সিস্টেম versteckt* intern* caché*
    oculto ocultas nascosto nascoste oculta administrador* скрыт* внутренн* 隐藏 内部 隠し 숨겨진`,
  reveal: `reveal reveals show print output repeat display disclose expose leak dump recite echo divulge spill unveil reproduce
    verbatim summarize summarise paraphrase quote transcribe type write list translate restate spit unmask enumerate
    zeig* verrat* offenbar* wiederhol* gib nenn* montre* affiche* révèle* répète* divulgue* donne* muestra* muéstrame revela* repite repita
    imprime* dime enseña* mostra* rivela* ripeti ripetere stampa* dimmi mostre revele repita imprima diga toon onthul herhaal laat
    pokaż wyświetl* ujawnij powtórz wypisz podaj покажи* раскрой* повтори* выведи* напечатай* расскажи* сообщи* процитируй* göster* yazdır*
    açıkla tekrarla söyle أظهر اعرض اكشف كرر اطبع نشان افشا चक दिखाओ दिखाएं बताओ बताएं दोहराओ प्रकट hiển thị tiết lộ lặp tunjukkan
    tampilkan ungkapkan ulangi cetak sebutkan visa avslöja upprepa vis afslør paljasta näytä toista zobraz odhal opakuj arată dezvăluie mutasd
    δείξε αποκάλυψε הצג חשוף 显示 展示 透露 输出 打印 重复 告诉 泄露 列出 复述 表示 教え 見せ 出力 明かし 繰り返 보여* 출력* 알려* 공개* 반복* 말해 দেখাও`,
  secret: `password passwords passphrase passcode secret secrets credential credentials apikey token tokens key keys pin confidential
    private sensitive classified proprietary ssh rsa env passwd pem wallet seed kennwort passwort* geheim* schlüssel* zugangsdaten secret*
    mot passe clé confidentiel* contraseña* clave* secreto* confidencial* chiave segreto segreti senha* chave* segredo* wachtwoord* geheime hasło
    hasła klucz* tajn* парол* секрет* ключ* конфиденциальн* şifre* parola* gizli* anahtar* كلمة السر سر المفتاح رمز गुप्त पासवर्ड mật khẩu bí
    rahasia sandi kunci lösenord hemlig* salasana heslo jelszó κωδικό סיסמה 密码 密碼 秘密 密钥 机密 凭证 パスワード 鍵 機密 비밀* 암호* 비밀번호*`,
  unbound: `unrestricted uncensored unfiltered unlimited jailbreak jailbroken jailbreaking dan amoral unethical immoral illegal
    unbound unchained freed liberated limitless lawless unhinged uninhibited boundless evil filterless unaligned unmoderated freely stan dude
    uneingeschränkt* unzensiert* unbeschränkt* frei illimité sin restricciones límites censura senza limiti restrizioni censure libre
    libero liberi livre sem limites irrestrito onbeperkt bez nieograniczon* без ограничений неограничен* свободн* sınırsız sansürsüz قيود بدون
    محدودیت बिना không giới hạn tanpa batas utan begränsningar ilman bez omezení 不受限制 没有限制 无限制 越狱 自由 制限なし 無制限 脱獄 제한없* 탈옥*`,
  pretend: `pretend pretending act acting roleplay role-play role simulate simulating imagine become persona embody impersonate
    assume emulate personify portray behave playing play transform switch spiel* stell* tu agis joue* imagine* fais prétends comporte* incarne*
    actúa actua finge* simula* imagina* compórtate interpreta* fingi* comportati agisci recita aja atue finja imagine doe gedraag speel udawaj
    wciel zachowuj притвор* представь* веди играй вообрази* действуй gibi davran rol yap تظاهر تصرف تخيل مثل وانمود अभिनय दिखावा कल्पना
    đóng vai giả tưởng bertindak berpura-pura bayangkan låtsas agera teeskentele předstírej prefă-te 扮演 假装 假设 想象 充当 模拟 演じ ふり 振る舞 なりき
    척해 역할* 행동해* 가정해*`,
  refuse: `refuse refuses refusing refusal decline reject apologize apologise apology sorry disclaimer disclaimers moralize
    lecture unable cannot censor censorship censored caveat caveats warn warnings verweiger* ablehn* refuse* rechaz* niega rifiuta* recus* weiger
    odmawiaj откаж* отказ* reddet* ارفض मना từ chối menolak tolak 拒绝 道歉 抱歉 拒否 謝罪 거부* 거절* 사과*`,
  machine: `ai assistant assistants chatbot bot llm llms chatgpt gpt claude gemini llama copilot bard mistral openai anthropic ki
    ia modèle modelo modello модел* ассистент* нейросет* помощник* помічник* yapay zeka asistan المساعد مساعد الذكاء دستیار सहायक एआई trợ
    asisten assistente asystent* asistente assistent* assistenten tekoäly asistent 人工智能 助手 助理 模型 机器人 アシスタント 人工知能 모델 어시스턴트* 인공지능*`,
  agent: `agent agents model models autonomous automated crawler parser summarizer reader processing`,
  you: `you your yours yourself you're you've you'll ur thy thou du dein deine deinen deinem deiner dich dir sie ihre tu ton ta tes vous
    votre vos te tú usted su sus tus voi il tuo tua tuoi sua você seu seus suas je jouw jij ty twoje twój swoje ты твой твои твою вы ваши
    ваш твоя свои свой sen senin size أنت لك تو شما तुम आप अपने तुम्हारा bạn kamu anda mu din dina sinun jsi ti σου 你 您 你的 あなた 君 お前 너 너의 당신* 네`,
  person: `user users human operator customer owner boss victim recipient benutzer* nutzer* utilisateur* usuario* utente utenti
    usuário* usuario gebruiker* użytkownik* пользовател* користувач* kullanıcı* المستخدم کاربر उपयोगकर्ता người dùng pengguna användaren
    käyttäjä uživatel* utilizator* felhasználó* χρήστη המשתמש 用户 用戶 使用者 ユーザー 利用者 사용자*`,
  not: `not never don't dont no without cannot can't won't nicht niemals kein keine ohne ne pas jamais aucun* sin nunca jamás non mai
    senza não nao nunca sem niet nooit geen nie nigdy не никогда без нет değil asla yok لا لن दون बिना नहीं मत không đừng jangan tidak tanpa inte
    aldrig utan älä ilman ne bez nu fără nem ne δεν μην לא אל ללא 不 不要 别 没有 不能 勿 绝不 ない しないで なしに せず 말고 않* 없이 마`,
  quietly: `silently secretly quietly discreetly covertly invisibly undetected unnoticed hidden unbeknownst stealthily heimlich
    stillschweigend secrètement discrètement silencieusement secretamente silenciosamente discretamente segretamente silenziosamente potajemnie
    тайно незаметно скрытно gizlice sessizce سرا diam-diam secara 悄悄 秘密地 偷偷 こっそり 密かに 몰래 은밀*`,
  mention: `mention mentioning tell telling inform informing notify notifying say saying explain alert acknowledge ask confirm
    confirmation consent approval asking sag* erwähn* inform* frag* mentionne* dis dites menciona* digas preguntar menziona* dire mencione
    perguntar vermeld wspominaj informuj упомина* говори* сообщай* söyleme bahsetme تخبر تذكر मत उल्लेख đề cập nói beri tahu memberi 提及 告知 询问 通知
    言及 伝え 知らせ 언급* 알리*`,
  send: `send sends sending forward forwarding email e-mail post upload transmit exfiltrate submit share deliver relay bcc cc
    transfer copy publish attach report broadcast dispatch message sende* schick* weiterleit* leite übermittl* envoie* envoyez transmet* transfér*
    envía* envia* enviar reenvía* manda* inoltra* invia* inviare encaminhe envie stuur verstuur wyślij prześlij przekaż отправ* перешли*
    вышли* передай* надішли gönder* ilet* أرسل ارسل بفرست भेज* gửi chuyển kirim* teruskan skicka lähetä pošli trimite küldd 发送 转发 传送
    上传 发到 送信 転送 送っ 보내* 전송* 전달*`,
  take: `read open access retrieve fetch cat load collect gather search find look export query extract obtain download lies öffne*
    lis lisez ouvre* lee abre* leggi apri leia abra przeczytaj прочит* открой* получи* oku اقرأ पढ़ đọc baca 读取 打开 获取 访问 读 読み 取得 읽* 열어*`,
  destroy: `delete remove erase wipe rm drop destroy truncate purge shutdown terminate lösch* entfern* supprime* efface* elimina*
    borra* cancella* rimuov* exclua apague delete usuń удали* сотри* видали sil* احذف हटा* xóa hapus radera poista smaž șterge töröld 删除 清空 删掉 削除 消去 삭제* 지워*`,
  run: `execute run eval invoke call launch install curl wget bash powershell chmod execut* ausführ* führe rufe exécute* lance*
    appelle* ejecuta* llama* esegui* chiama* execute* chame voer uruchom wykonaj wywołaj выполни* запусти* вызови* çalıştır* نفذ شغل निष्पादित chạy thực
    jalankan kör suorita spusť execută 执行 运行 调用 実行 呼び出 실행* 호출*`,
  money: `wire payment pay bitcoin btc ethereum crypto iban bank account invoice refund paypal überweis* virement transfiere* bonifico
    pix przelew переведи* havale تحويل 转账 付款 汇款 送金 振込 송금* 이체*`,
  tool: `tool tools function functions api endpoint server servers mcp plugin plugins parameter argument sidenote werkzeug* outil*
    herramienta* strument* ferramenta* narzędzi* инструмент* araç أداة công cụ alat 工具 函数 接口 ツール 関数 도구* 함수*`,
  must: `must mandatory required requires always critical crucial important urgent immediately essential necessary obligatory
    imperative attention notice strictly priority wichtig* unbedingt sofort dringend important* immédiatement urgent* importante urgente
    inmediatamente immediatamente obbligatorio imediatamente obrigatório belangrijk onmiddellijk ważne natychmiast важно срочно немедленно
    обязательно önemli hemen acil مهم فورا महत्वपूर्ण तुरंत quan trọng ngay penting segera viktigt omedelbart tärkeää důležité 重要 必须 立即 马上 务必 紧急
    必ず すぐに 緊急 중요* 반드시 즉시`,
  obey: `obey comply follow adhere abide accept accommodate fulfill fulfil befolg* gehorch* folge* obéis* suis suivez obedece*
    sigue* siga obbedisci segui obedeça siga gehoorzaam volg słuchaj wykonuj следуй* подчин* слушай* uy itaat اتبع أطع पालन tuân theo ikuti patuhi
    följ lyd noudata následuj urmează 遵循 服从 听从 遵守 按照 従っ 従い 따르* 따라* 복종*`,
  now: `now instead henceforth onwards onward hereafter today starting beginning moving next then nun jetzt ab stattdessen désormais
    maintenant dorénavant place ahora partir adelante lugar ora adesso invece poi agora diante vez nu voortaan teraz zamiast od теперь сейчас
    отныне вместо зараз şimdi bundan artık yerine الآن بدلا حالا अब thay giờ sekarang mulai sebaliknya nyt sijaan nyní teď acum από τώρα עכשיו במקום
    现在 从现在 而是 改为 接下来 今から これから 代わりに 今後 이제* 지금부터 대신`,
  fresh: `new updated following below real actual true revised latest replacement actually neu* nouvelle* nouveau* nueva* nuevo* nuov*
    nova* novo* nieuwe nowe nowy нов* следующ* yeni الجديدة جدید नए नया mới baru nya uudet nové nou új νέες חדשות 新的 新 以下 下面 次の 新しい 새로운 다음`,
  task: `task tasks job goal objective mission purpose request aufgabe* tâche* tarea* compito tarefa* taak zadani* задач* görev* مهمة
    कार्य nhiệm vụ tugas uppgift tehtävä úkol sarcină 任务 目标 タスク 目的 작업* 임무* 목표`,
  mode: `mode debug god maintenance diagnostic override unlocked unlock enabled enable activated activate engaged sandbox testing
    modus modo modalità modalita tryb режим* mod modu وضع حالت मोड chế độ läge tila režim 模式 启用 激活 解锁 モード 有効 모드* 활성화*`,
  fiction: `story novel fiction fictional hypothetical hypothetically scene screenplay game dream movie grandma grandmother world
    universe scenario character script play-script narrative poem lore academic research educational geschichte histoire historia storia história
    verhaal сцен* истори* рассказ* hikaye قصة कहानी truyện cerita 故事 小说 虚构 场景 游戏 物語 小説 架空 소설* 이야기* 시나리오`,
  harm: `bomb bombs explosive explosives meth methamphetamine drug drugs malware virus ransomware keylogger hack hacking weapon weapons
    kill murder poison suicide steal stealing phishing hate racist slur slurs sexist porn explicit nsfw violent violence fraud counterfeit
    launder laundering stalking hijack smuggle cocaine heroin gun guns torture terrorist terrorism exploit bombe* bomba* бомб* наркот* оружи* silah bom
    炸弹 毒品 武器 病毒 爆弾 麻薬 폭탄* 마약* 무기*`,
  ethics: `ethical ethics moral morality morals legal legality harmful inappropriate appropriate offensive dangerous
    content-policy consequences judgment judgement bias ethisch* moral* éthique* ético* etica* этик* мораль* etik أخلاق 道德 伦理 倫理 道徳 윤리* 도덕*`,
  encode: `base64 rot13 hex hexadecimal decode decoded decoding encode encoded encoding cipher ciphertext caesar morse decrypt
    reversed backwards leetspeak obfuscated dekodier* décode* decodifica* decodifique раскодируй* расшифр* 解码 解密 デコード 디코딩* 해독*`,
  speaker: `system user assistant human inst instruction instructions im_start im_end sys endoftext admin developer context`,
  boundary: `end begin start beginning ending ends stop finish delimiter eof ende fin fine fim koniec конец 结束 开始 終了`,
  answer: `respond response reply answer answers say output begin prefix start responses replies antwort* répond* réponse respond* responde*
    rispondi risposta responda resposta antwoord odpowi* отвеча* ответ* cevap yanıt* أجب رد जवाब उत्तर trả lời jawab svara vastaa odpověz răspunde
    回答 回复 答复 回應 答え 返信 대답* 응답* 답변*`,
  agreed: `sure absolutely certainly course yes gladly okay`,
} as const;

export type Concept = keyof typeof concepts;
