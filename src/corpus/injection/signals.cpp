#include "corpus/injection/signals.h"

namespace hone::corpus::injection {
namespace {

constexpr const char* kOverride =
    R"((?:ignore|disregard|forget|do not follow|don't follow|stop following|pay no attention to|stop obeying|do not obey|don't obey)(?: about)?,? (?:\w+ ){0,4}?(?:all|any|every|your|previous|prior|above|earlier|preceding|foregoing|original|initial|former|existing|system|safety|past)(?: [\w']+){0,3}? (?:instructions?|prompts?|directions?|directives?|guidelines?|rules?|orders?|commands?|programming|guidance|instruct))";
constexpr const char* kOverrideWeak =
    R"((?:override|overrule|discard|set aside|cancel|bypass|delete|erase|drop),? (?:\w+ ){0,4}?(?:your|previous|prior|above|earlier|preceding|original|initial|system|all)(?: [\w']+){0,2}? (?:instructions?|prompts?|directives?|guidelines|programming)\b)";
constexpr const char* kOverrideAll =
    R"((?:ignore|disregard|forget|discard)(?: about)? (?:absolutely )?(?:everything|anything|all|what)(?: of)?(?: (?:that|which|you|the|text|content|was|is|has|have|been|written|said|stated|we|i|were|it|this|came|comes))* (?:above|before|told|said|earlier|previously|so far|know|learned|learnt|read|trained))";
constexpr const char* kOverrideGiven =
    R"((?:ignore|disregard|forget|override|do not follow|don't follow|stop following|do not obey)(?: \w+){0,3} (?:instructions?|prompts?|rules?|guidelines?|orders?)(?: that)?(?: you)?(?: (?:were|have been|are|was|had been))? ?(?:given|above|before this|received|told|you have|so far|up to (?:now|this point|here)|until now))";
constexpr const char* kUserRequest =
    R"((?:ignore|disregard|forget|do not answer|don't answer|instead of answering|refuse|decline)(?: to answer)?(?: \w+){0,2} (?:user|human|customer|person|reader)(?:'s|s'|s)? (?:actual |original |real )?(?:request|question|query|instructions?|input|messages?|prompts?|task))";
constexpr const char* kReveal =
    R"((?:print|reveal|output|show|repeat|display|leak|disclose|expose|tell|give|dump|recite|return|write|paste|share|send|quote|list|provide|state|echo|include)(?: out| back| me| us| down)?(?: [\w']+){0,6}? (?:your|its|hidden|system|secret|initial|internal|confidential|developer)(?: [\w']+){0,3}? (?:prompts?|instructions?|system messages?|guidelines|directives|system configuration))";
constexpr const char* kAboveText =
    R"((?:repeat|print|output|recite|reveal)(?: out| back)? (?:all |everything |the |every )*(?:words|instructions|everything|prompt|conversation) ?(?:text )?(?:above|before this|that (?:came|comes|was written) (?:above|before)|preceding this))";
constexpr const char* kYouAreNow =
    R"(you(?:'re| are| will be)? (?:now|no longer|from now on|henceforth)(?: [\w,'-]+){0,6}? (?:mode|dan|unrestricted|uncensored|unfiltered|jailbroken|ai|assistant|model|chatbot|hacker|bound|restricted|persona|character|agent|bot|evil|limited|obligated|constrained))";
constexpr const char* kActAs =
    R"((?:act|behave|respond|operate|function|role-?play|pose|answer|simulate)(?: now)? (?:as|like) (?:if you (?:are|were|have|had)|though you|an? (?:unrestricted|uncensored|unfiltered|jailbroken|different|evil|hacker|malicious|ai\b|human|dan)|dan\b|my ))";
constexpr const char* kPretend = R"(pretend (?:that )?(?:to be|you(?:'re| are| have| can| do not| were)))";
constexpr const char* kMode =
    R"((?:enter|enable|activate|switch (?:in)?to|turn on|go into|start)(?: \w+){0,2} (?:developer|debug|god|jailbreak|dan|admin|sudo|unrestricted|root|maintenance|unsafe) ?mode)";
constexpr const char* kAddressReading =
    R"((?:all |any |every |dear |to |the |attention,? |hey,? |note (?:to|for) |hello,? )*(?:ai|artificial intelligence|llm|gpt|chatgpt|claude|gemini|copilot|language models?|large language models?|chat ?bots?|assistants?|crawlers?|agents?|models?)(?:[ -](?:assistants?|models?|agents?|systems?|tools?|bots?|chatbots?|crawlers?|summari[sz]ers?|reviewers?|readers?|powered tools))?,?(?: (?:that|which|who|if you|when|while))?(?: (?:is|are))? (?:reading|reads?|processing|process(?:es)?|summari[sz](?:ing|es?)|parsing|parses?|scanning|scans?|analy[sz](?:ing|es?)|evaluating|evaluates?|reviewing|reviews?|indexing|visiting|seeing|see|access(?:ing)?|ingesting|ranking|grading) (?:this|the following|the above|these|our)(?: \w+){0,2}? ?(?:page|document|text|article|message|file|content|e-?mail|site|website|post|resume|cv|paper|note|passage|section|comment|readme|data|review|input|job|application|code|lines?|words)s?\b[^\n]{0,60}?(?:must|should|shall|will|please|do not|don't|always|never|has to|have to|need to|is required|are required|is instructed|are instructed|:))";
constexpr const char* kAddressIf =
    R"(if you(?:'re| are| happen to be)? (?:an? |the |some )?(?:\w+ )?(?:ai|llm|gpt|chatgpt|language model|large language model|chat ?bot|assistant|ai agent|automated (?:system|agent|reviewer|tool)|artificial intelligence)(?: assistant| model| agent| system| tool| chatbot)?(?:,| reading| processing| and | then|:| summari[sz]ing| that| analy[sz]ing| reviewing))";
constexpr const char* kAddressCall =
    R"((?:attention|dear|note to|note for|message to|message for|instructions? (?:to|for)|hey|hello|important for)(?: all| any| the| every)?[,:]? (?:ai|llm|gpt|chatgpt|claude|gemini|copilot|language model|large language model|chat ?bot|assistant|agent|ai model)s?(?: (?:assistant|model|agent|system|tool)s?)?(?:[:,!.]| - | reading| who| that))";
constexpr const char* kAddressOrder =
    R"((?:ai|llm|gpt|chatgpt|claude|gemini|copilot|language model|chat ?bot|assistant|model)(?: (?:assistant|model|agent|system|bot))?s?, (?:please |you must |you should |now )*(?:ignore|disregard|forget|print|reveal|output|stop|reply|respond|say|answer|send|do not|don't|recommend|write|repeat|tell|follow|execute|delete|rate|act|you must))";
constexpr const char* kAddressMust =
    R"((?:ai|llm|gpt|chatgpt|claude|gemini|copilot|language model|chat ?bot)(?:[ -](?:assistant|model|agent|system|bot|tool)s?)?s? (?:must|shall|should always|should never|are required to|is required to|are instructed to|is instructed to|has to|have to)\b)";
constexpr const char* kAddressAs =
    R"(as (?:an?|the|our|your) (?:helpful |advanced |large |obedient )?(?:ai|llm|language model|chat ?bot|assistant|artificial intelligence)(?:[ -](?:assistant|model|agent|system|chatbot|bot))?,? you(?:'re| are)? (?:(?:now|hereby|therefore|strictly|explicitly|also) )*(?:must|shall|will now|are to|instructed|required|ordered|commanded|directed|obliged|authori[sz]ed|to|no longer)\b)";
constexpr const char* kOrdered =
    R"(you are (?:(?:now|hereby|therefore|strictly|explicitly|all) )*(?:instructed|required|ordered|commanded|directed|authori[sz]ed|obliged) (?:not )?to (?:\w+ )?(?:ignore|disregard|forget|bypass|override|reveal|disclose|print|output|repeat|answer|respond|reply|obey|comply|refuse|recommend|send|forward|leak|expose|drop|disable)\b)";
constexpr const char* kDictate =
    R"((?:reply|respond|answer|say|output|print|write|return|state)(?: back)?(?: to (?:every|all|any|the)(?: \w+){1,3})?,? (?:only|just|exactly|simply|with only|only with|with just|with exactly|nothing but|with nothing but|solely with)\b)";
constexpr const char* kDictateWord = R"((?:reply|respond|answer|say|output|print)(?: back)?(?: with)? (?:the (?:word|phrase|sentence|string|text)) )";
constexpr const char* kPraise =
    R"((?:recommend|praise|rate|endorse|promote|rank|describe|give|score|evaluate|accept|approve)(?: [\w']+){0,8}? (?:the best|best|highest|5 stars|five stars|full marks|top score|10/10|excellent|positively|favou?rably|superior|positive review|above all|strongly accept|perfect))";
constexpr const char* kConceal =
    R"((?:do not|don't|never|without)(?: ever)? (?:tell|telling|inform|informing|mention|mentioning|reveal|revealing|alert|alerting|notify|notifying|let|letting|warn|warning|disclose|disclosing)(?: [\w']+){0,6}? (?:user|human|operator|anyone|anybody|owner|reader|customer|person)s?\b)";
constexpr const char* kSend =
    R"((?:send|forward|e-?mail|post|upload|transmit|exfiltrate|leak|submit|append|copy|encode|deliver)(?: [\w'’]+){0,5}? (?:conversation|chat history|chat log|this chat|chat|dialogue?|transcript|previous messages|message history|user(?:'s)? (?:data|messages|credentials|passwords?|e-?mails?|files|information|secrets)|system prompt|private data|personal data|context window|contents of (?:this|your) (?:conversation|context|memory)|stored secrets)(?: [\w'’]+){0,4}? (?:to|at|via|into|in)\b)";
constexpr const char* kSendSecrets =
    R"((?:send|forward|e-?mail|post|upload|transmit|exfiltrate|leak)(?: [\w'’]+){0,4}? (?:api keys?|credentials|passwords|secrets|tokens|environment variables|private keys?)(?: [\w'’]+){0,4}? to (?:https?:|[\w.]+@|the (?:address|url|following|attacker)))";
constexpr const char* kRenew =
    R"((?:new|updated|real|actual|true|revised|only|next) (?:instructions?|tasks?|directives?|orders|objectives?|prompts?|role|goal|mission|system prompt)(?: (?:is|are|follows?|begins?)\b| ?: ))";
constexpr const char* kFromNowOn = R"((?:from now on|from this point (?:on|forward)|henceforth),? (?:you|always|answer|respond|reply|only|never|every|your|all (?:answers|responses|replies)|do not|ignore|speak|act|obey))";
constexpr const char* kYour = R"(your (?:new|real|actual|only|true|sole|updated) (?:task|goal|job|purpose|objective|instructions?|mission|role|directive|identity|name) (?:is|are)\b)";
constexpr const char* kObey = R"((?:must|will|shall|are to|have to) (?:now )?(?:obey|comply with|do as|follow (?:my|these new|only)|answer every|never refuse|do anything))";
constexpr const char* kSafety =
    R"((?:ignore|disregard|bypass|disable|override|turn off|forget|violate|break|drop|suspend|without)(?: [\w']+){0,3}? (?:your|all|any)(?: [\w']+){0,2}? ?(?:safety|content|ethic(?:s|al)|moral|alignment|moderation|security|guardrails?)(?: (?:rules?|guidelines?|polic(?:y|ies)|filters?|restrictions?|constraints?|protocols?|measures|training|checks|instructions))?)";
constexpr const char* kToken =
    R"(<\|(?:im_start|im_end|im_sep|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id|begin_of_text|end_of_text|prompter|endofprompt|end|channel|message|start|return|tool|observation)\|>)";
constexpr const char* kInst = R"((?:\[/?inst\]|<</?sys>>|\[/?system\]|\[/?sys\]|<(?:start|end)_of_turn>|</?system_prompt>|\[system_prompt\]|<\|?(?:start|end)▁of▁))";
constexpr const char* kTag = R"(</?(?:system|assistant|instructions?|admin|developer|user_query|override|sys)(?: [^<>\n]{0,40})?>)";
constexpr const char* kHeading = R"(# ?(?:system|instructions?|human|assistant|user|new instructions?|시스템|지시|지시사항|명령|새 지시)(?: (?:prompt|message|instructions?|override|프롬프트|메시지))? ?:)";
constexpr const char* kRoleLine =
    R"((?:system|assistant|developer|admin|administrator)(?: (?:prompt|message|note|override|update|instruction|command|alert))? ?: )";
constexpr const char* kComment = R"(<!--[^>]{0,200}?(?:\bai\b|llm|assistant|language model|chatgpt|gpt|chatbot|model|인공지능|ai\s|어시스턴트|모델))";
constexpr const char* kBreakOut = R"((?:end of (?:document|context|text|page|input)|begin (?:system|new) (?:message|prompt|instructions?)|system override|override code|priority instruction|admin(?:istrator)? override))";
constexpr const char* kImage = R"(\]\(https?://[^)\n]{0,200}(?:=|/)[\[{<](?:conversation|chat|data|prompt|secret|history|query|user|summary|context|message))";

// Korean. Forms of verbs that order or join; "무시해도 된다", "무시됩니다" and the like are not among them.
constexpr const char* kKoOverride =
    "(?:이전|앞|앞선|앞서|위|지금까지|여태까지|여태|지금껏|기존|원래|상기|직전|종전|이때까지|먼저|처음|모든|일체|받은|주어진|너의|당신의|네가|사전)(?:[가-힣]{0,4}) ?(?:[가-힣]{1,6} ){0,4}?"
    "(?:지시|명령|지침|프롬프트|규칙|가이드라인|지시사항|명령어|제약|당부|주문)(?:사항|문|들|령|어)?(?:들)?(?:을|를|은|는|도|따위는|일랑)? ?(?:[가-힣]{1,5} ){0,3}?{ignore}";
constexpr const char* kKoOverrideAll =
    "(?:이전|앞|앞선|앞서|위|지금까지|여태까지|지금껏|기존|상기|직전|종전)(?:[가-힣]{0,4}) ?(?:[가-힣]{1,6} ){0,3}?(?:내용|대화|말|설정|역할|맥락|글|문장|텍스트|요청|것)(?:들)?(?:을|를|은|는|도)? ?(?:[가-힣]{1,5} ){0,2}?{ignore}";
constexpr const char* kKoUser =
    "사용자(?:의|가|들의)? ?(?:[가-힣]{1,4} ){0,2}?(?:요청|질문|지시|입력|의도|명령|말)(?:을|를|은|는|에|에는)? ?(?:[가-힣]{1,4} ){0,2}?(?:무시{order}|답하지 ?(?:마|말)|대답하지 ?(?:마|말)|응하지 ?(?:마|말)|거절{order})";
constexpr const char* kKoReveal =
    "(?:시스템|숨겨진|숨은|내부|초기|히든|비밀|너의|당신의|네|최초|개발자|감춰진) ?(?:[가-힣]{1,5} ){0,2}?(?:프롬프트|지침|지시문?|지시사항|명령문?|설정|규칙|메시지|정보)(?:의 ?(?:내용|전문|전체))?(?:을|를)? ?(?:[가-힣]{1,6} ){0,3}?"
    "(?:출력|공개|노출|유출|표시|인쇄|나열|반복|복사|전달|말|제시|설명|발설|누설){order}";
constexpr const char* kKoReveal2 =
    "(?:시스템|숨겨진|숨은|내부|초기|히든|비밀|너의|당신의|네|최초) ?(?:[가-힣]{1,5} ){0,2}?(?:프롬프트|지침|지시문?|지시사항|명령문?|설정|규칙|메시지)(?:의 ?(?:내용|전문|전체))?(?:을|를)? ?(?:[가-힣]{1,6} ){0,3}?"
    "(?:보여|알려|적어|써|말해|읊어|내놔|내놓|털어놓|드러내|베껴|보내)(?: ?줘|라| ?주세요| ?주십시오|세요|아라|어라|고)?";
constexpr const char* kKoRole =
    "(?:너는|넌|당신은|그대는|네가|귀하는|자네는) ?(?:이제|지금|이제부터|지금부터|앞으로|더 ?이상)(?:는|은)? ?(?:[가-힣A-Za-z]{1,10} ){0,5}?(?:모드|dan|ai|인공지능|모델|해커|비서|역할|시스템|관리자|자유|제한|규칙|챗봇|봇|도우미|캐릭터|존재|어시스턴트|개발자)";
constexpr const char* kKoRole2 = "(?:이제부터|지금부터|앞으로|이 ?시점부터)(?:는)? ?,? ?(?:너는|넌|당신은|그대는|네가|귀하는|자네는)";
constexpr const char* kKoMode = "(?:개발자|디버그|관리자|탈옥|무제한|루트|슈퍼유저|유지보수) ?모드";
constexpr const char* kKoSafety =
    "(?:안전|보안|윤리|콘텐츠|검열|안전성|도덕) ?(?:규칙|지침|정책|장치|필터|제한|가이드라인|기준|규정|수칙|검사)(?:을|를|은|는|도)? ?(?:[가-힣]{1,5} ){0,2}?(?:무시{order}|해제{order}|우회{order}|끄고|꺼라|끄라|어기고|어겨|풀고|풀어라|벗어나|비활성화{order})";
constexpr const char* kKoReading =
    "(?:이|본|해당|위) ?(?:글|문서|페이지|내용|텍스트|메시지|자료|파일|웹페이지|게시물|문장|기사|논문|이력서|메일)(?:을|를) ?(?:[가-힣]{1,6} ){0,2}?(?:읽|보|처리|요약|분석|수집|검토|학습|참조|평가|열람|해석|번역|색인)[가-힣]{0,4} ?(?:[가-힣]{1,5} ){0,2}?(?:ai|인공지능|언어 ?모델|llm|챗봇|어시스턴트|gpt|모델|에이전트|비서|봇|시스템|chatgpt)";
constexpr const char* kKoAddress =
    "(?:ai|인공지능|언어 ?모델|llm|챗봇|어시스턴트|gpt|chatgpt|클로드|제미나이)(?: ?(?:모델|비서|어시스턴트|시스템|에이전트|챗봇))?(?:들)?(?:은|는|야|이여|아|님|라면|이라면|에게 ?:|에게 ?알림|에게 ?고함|께|,)[^\n.]{0,90}?"
    "(?:하라|하세요|하십시오|해라|해 ?줘|마라|말라|말 것|할 것|하시오|주세요|시오)(?:[.!\"' ]|$)";
/// Called by name, it is given an order: a sentence that ends in one of any verb.
constexpr const char* kKoAddressOrder =
    "(?:ai|인공지능|언어 ?모델|llm|챗봇|어시스턴트|gpt|chatgpt|클로드|제미나이)(?: ?(?:모델|비서|어시스턴트|시스템|에이전트|챗봇))?(?:들)?(?:야|이여|아|님|에게 ?:|에게 ?(?:알림|고함|고한다|전함|명함) ?[:.]?|께|,)[^\n.]{0,120}?"
    "[가-힣](?:라|시오|세요|줘|거라|렴|도록|말 것|할 것|을 것)(?:[.!\"']|$)";
constexpr const char* kKoAddressMust =
    "(?:ai|인공지능|언어 ?모델|llm|챗봇|어시스턴트|gpt|chatgpt|클로드|제미나이)(?: ?(?:모델|비서|어시스턴트|시스템|에이전트|챗봇))?(?:들)?(?:은|는|이|가)[^\n.]{0,90}?(?:해야|답해야|출력해야|추천해야|따라야) (?:한다|합니다|해요|함|하며|하고)";
constexpr const char* kKoOnly = "(?:이?라고만|(?:이?라는 )?(?:말|단어|문장|문구|답)만|으로만) ?(?:[가-힣]{1,5} ){0,2}?(?:답|대답|말|출력|응답|회신|적|반복|표시|쓰|써)";
constexpr const char* kKoConceal = "사용자(?:에게|한테|들에게|가|는)?(?:는|도)? ?(?:[가-힣]{1,8} ){0,4}?(?:알리지|말하지|언급하지|밝히지|들키지|드러내지|모르게|눈치)";
constexpr const char* kKoSend =
    "(?:대화|채팅|사용자 ?(?:정보|데이터|비밀번호)|개인정보|비밀번호|자격 ?증명|api ?키|시스템 프롬프트|내용|기록|내역|메모리|맥락)(?:의? ?(?:내용|기록|내역|전체|전문))?(?:을|를|은|는)? ?(?:[가-힣]{1,6} ){0,3}?[^\n.]{0,40}?(?:로|에게|으로|께|한테|에) ?(?:[가-힣]{1,5} ){0,2}?(?:전송|발송|업로드|유출|전달|제출|송부|보내)(?:하라|해라|해 ?줘|하세요|하십시오|하시오|라|줘|세요|십시오|할 것|해)";
constexpr const char* kKoRenew =
    "(?:새로운|새|진짜|실제|수정된|최종|다음|아래|유일한) ?(?:지시|명령|임무|규칙|역할|지침|목표)(?:사항|문)?(?: ?:|은 |는 |만 ?따르|에만 ?따르|을 ?따르라|를 ?따르라|에 ?따르라|만을? ?수행|대로만)";
constexpr const char* kKoFromNow = "(?:이제부터|지금부터|앞으로)(?:는)? ?,? ?(?:모든 ?(?:질문|답|대답|요청|응답)|항상|내 ?(?:말|명령|지시)|오직|무조건|반드시|제한 ?없이|내가)";
constexpr const char* kKoObey = "(?:내|나의|이|다음|아래) ?(?:명령|지시|말)(?:만|에만|을|에|대로)? ?(?:[가-힣]{1,5} ){0,2}?(?:따르라|따라라|따르세요|복종|들어라|들으라|따라야|이행하라|수행하라)";
constexpr const char* kKoRoleLine = "(?:시스템|관리자|개발자|어시스턴트)(?: ?(?:프롬프트|메시지|알림|명령|공지))? ?: ?";
constexpr const char* kKoPraise = "(?:추천|칭찬|홍보|소개|평가|언급|선정|합격|판정)(?:하|해)(?:야|라|줘|세요|십시오| ?주|시오)";

constexpr Signal kSignals[] = {
    {Topic::override, 3, "ignore;disregard;forget;do not follow;don't follow;stop following;pay no attention to;stop obeying;do not obey;don't obey", 0, kOverride},
    {Topic::override, 3, "instruction;prompt;directive;guideline;programming", 110, kOverrideWeak},
    {Topic::override, 3, "ignore;disregard;forget;discard", 0, kOverrideAll},
    {Topic::override, 3, "ignore;disregard;forget;override;do not follow;don't follow;stop following;do not obey", 0, kOverrideGiven},
    {Topic::override, 3, "ignore;disregard;forget;do not answer;don't answer;instead of answering;refuse;decline", 0, kUserRequest},
    {Topic::reveal, 3, "prompt;instruction;system message;guidelines;directives;system config", 110, kReveal},
    {Topic::reveal, 3, "everything above;words above;instructions above;prompt above;conversation above;above this;before this;that came before;that comes before;preceding this", 80, kAboveText},
    {Topic::role, 3, "you are;you're;you will;you now", 0, kYouAreNow},
    {Topic::role, 3, "act as;act like;act now;behave;respond as;respond like;operate as;function as;roleplay;role-play;pose as;answer as;simulate", 0, kActAs},
    {Topic::role, 2, "pretend", 0, kPretend},
    {Topic::role, 1, "developer mode;debug mode;god mode;jailbreak mode;dan mode;admin mode;sudo mode;unrestricted mode;root mode;unsafe mode;maintenance mode", 40, kMode},
    {Topic::address, 4, "all ai;any ai;every ai;dear ai;to ai;the ai;ai assistant;ai model;ai agent;ai system;ai tool;ai bot;ai crawler;ai summar;ai review;ai read;ai-;llm;gpt;chatgpt;claude;gemini;copilot;language model;large language;chatbot;chat bot;assistant;attention", 0, kAddressReading},
    {Topic::address, 3, "if you are an;if you are a ;if you are the;if you're;if you happen", 0, kAddressIf},
    {Topic::address, 3, "attention;dear ;note to;note for;message to;message for;instructions to;instructions for;instruction to;instruction for;hey;hello;important for", 0, kAddressCall},
    {Topic::address, 3, "ai,;ai assistant;ai model;ai agent;llm;gpt;chatgpt;claude;gemini;copilot;language model;chatbot;assistant;model,", 0, kAddressOrder},
    {Topic::address, 1, "ai assistant;ai model;ai agent;ai system;ai tool;ai must;ai shall;llm;gpt;chatgpt;claude;gemini;copilot;language model;chatbot", 0, kAddressMust},
    {Topic::address, 3, "as an ai;as a language;as the ai;as our ai;as your ai;as an llm;as a large;as an assistant;as the assistant;as a chatbot;as an artificial;as a helpful;as an advanced;as an obedient", 0, kAddressAs},
    {Topic::obey, 2, "you are hereby;you are instructed;you are ordered;you are commanded;you are directed;you are required;you are authori;you are obliged;you are now;you are strictly;you are explicitly;you are therefore;you are all", 0, kOrdered},
    {Topic::dictate, 2, "reply;respond;answer;say only;say exactly;say just;output only;output exactly;output just;output nothing;print only;print exactly;print nothing;print just;write only;write exactly;return only;return exactly;state only", 0, kDictate},
    {Topic::dictate, 2, "reply;respond;answer;say;output;print", 0, kDictateWord},
    {Topic::dictate, 1, "the best;as best;highest;5 stars;five stars;full marks;top score;10/10;positively;favorabl;favourabl;superior;positive review;strongly accept;excellent;above all;perfect", 90, kPraise},
    {Topic::conceal, 2, "do not tell;do not inform;do not mention;do not reveal;do not alert;do not notify;do not let ;do not warn;do not disclose;don't tell;don't inform;don't mention;don't reveal;don't alert;don't notify;don't let ;don't warn;don't disclose;never tell;never inform;never mention;never reveal;never alert;never notify;never let ;never warn;never disclose;do not ever tell;do not ever inform;do not ever mention;do not ever reveal;do not ever alert;do not ever notify;do not ever let ;do not ever warn;do not ever disclose;without telling;without informing;without mentioning;without revealing;without alerting;without notifying;without letting;without warning;without disclosing", 0, kConceal},
    {Topic::send, 2, "conversation;chat history;chat log;this chat;dialog;transcript;previous messages;message history;user data;user's;user messages;user credentials;user information;user files;user password;system prompt;private data;personal data;context window;contents of", 70, kSend},
    {Topic::send, 2, "to https:;to http:;to the address;to the url;to the attacker;to the following", 110, kSendSecrets},
    {Topic::renew, 2, "new instruction;new task;new directive;new order;new objective;new prompt;new role;new goal;new mission;new system prompt;updated instruction;real instruction;real task;actual task;actual instruction;true instruction;true task;revised instruction;next task;only task;only instruction", 0, kRenew},
    {Topic::renew, 2, "from now on;from this point;henceforth", 0, kFromNowOn},
    {Topic::renew, 3, "your new;your real;your actual;your only;your true;your sole;your updated", 0, kYour},
    {Topic::obey, 2, "must obey;must comply;must now;must do as;must follow;must answer every;must never refuse;will obey;will comply;will now;will follow;will never refuse;shall obey;shall comply;have to obey;have to comply;will do anything;must do anything;are to obey", 0, kObey},
    {Topic::safety, 3, "safety;ethic;moderation;guardrail;content polic;content filter;content rule;content guideline;content restriction;alignment;security rule;security polic;security restriction;moral", 70, kSafety},
    {Topic::control, 3, "<|i;<|s;<|u;<|a;<|e;<|b;<|p;<|c;<|m;<|r;<|t;<|o", 0, kToken},
    {Topic::control, 3, "[inst];[/inst];<<sys>>;<</sys>>;[system];[/system];[sys];[/sys];<start_of_turn>;<end_of_turn>;<system_prompt>;</system_prompt>;[system_prompt]", 0, kInst},
    {Topic::control, 2, "<system;</system;<assistant;</assistant;<instruction;</instruction;<admin;</admin;<developer;<override;<sys", 0, kTag},
    {Topic::control, 2, "# system;# instruction;# human:;# assistant:;# user:;# new instruction;#system;# 시스템;# 지시;# 명령;# 새 지시", 0, kHeading},
    {Topic::control, 1, "system:;system prompt;system message;system note;system override;system update;system instruction;system command;system alert;assistant:;developer:;developer message;admin:;administrator:;administrator message;admin message", 0, kRoleLine},
    {Topic::comment, 1, "<!--", 0, kComment},
    {Topic::renew, 2, "end of;begin system;begin new;system override;override code;priority instruction;admin override;administrator override", 0, kBreakOut},
    {Topic::send, 3, "](http", 0, kImage},
    {Topic::override, 3, "무시;잊고;잊어;잊으;잊은;폐기;버리;버려;따르지;취소;지키지;신경;철회;무효화;배제;제쳐;접어;덮어쓰;거부;중단", 160, kKoOverride},
    {Topic::override, 2, "무시;잊고;잊어;잊으;잊은;폐기;버리;버려;따르지;취소;지키지;신경;철회;무효화;배제;제쳐;접어;덮어쓰;거부;중단", 140, kKoOverrideAll},
    {Topic::override, 3, "무시;답하지;대답하지;응하지;거절", 110, kKoUser},
    {Topic::reveal, 3, "프롬프트;지침;지시;명령문;내부 설정;시스템 설정;숨겨진 설정;초기 설정;비밀 설정;내부 규칙;시스템 메시지;시스템 규칙;숨겨진 규칙;숨겨진 정보;숨은 설정", 70, kKoReveal},
    {Topic::reveal, 3, "프롬프트;지침;지시;명령문;내부 설정;시스템 설정;숨겨진 설정;초기 설정;비밀 설정;내부 규칙;시스템 메시지;시스템 규칙;숨겨진 규칙;숨은 설정", 70, kKoReveal2},
    {Topic::role, 3, "너는;넌;당신은;그대는;네가;귀하는;자네는", 0, kKoRole},
    {Topic::role, 3, "이제부터;지금부터;앞으로;이 시점부터", 0, kKoRole2},
    {Topic::role, 1, "개발자;디버그;관리자;탈옥;무제한;루트;슈퍼유저;유지보수", 0, kKoMode},
    {Topic::safety, 3, "무시;해제;우회;끄고;꺼라;끄라;어기고;어겨;풀고;풀어라;벗어나;비활성화", 90, kKoSafety},
    {Topic::address, 4, "이 글;이 문서;이 페이지;이 내용;이 텍스트;이 메시지;이 자료;이 파일;이 웹;이 게시물;이 문장;이 기사;이 논문;이 이력서;이 메일;본 문서;본 글;본 페이지;본 내용;본 자료;본 게시물;해당 글;해당 문서;해당 페이지;위 글;위 내용;위 문서", 0, kKoReading},
    {Topic::address, 3, "ai ;ai,;ai는;ai야;ai에게;ai라면;ai들;인공지능;언어 모델;언어모델;llm;챗봇;어시스턴트;gpt;chatgpt;클로드;제미나이", 0, kKoAddress},
    {Topic::address, 3, "ai,;ai야;ai에게;ai께;ai님;인공지능;언어 모델;언어모델;llm;챗봇;어시스턴트;gpt;chatgpt;클로드;제미나이;ai 모델;ai 비서;ai 어시;ai 시스템;ai 에이;ai 챗봇", 0, kKoAddressOrder},
    {Topic::address, 2, "ai ;ai는;ai가;ai들;인공지능;언어 모델;언어모델;llm;챗봇;어시스턴트;gpt;chatgpt;클로드;제미나이", 0, kKoAddressMust},
    {Topic::dictate, 2, "라고만;이라고만;말만;단어만;문장만;문구만;답만;으로만;라는 ", 0, kKoOnly},
    {Topic::conceal, 2, "알리지;말하지;언급하지;밝히지;들키지;드러내지;모르게;눈치", 110, kKoConceal},
    {Topic::send, 2, "전송하라;전송해;전송하세요;전송하십;전송하시오;보내라;보내 줘;보내줘;보내세요;보내십시오;발송하라;발송해;업로드하라;업로드해;유출하라;유출해;전달하라;전달해;제출하라;제출해;송부하라;송부해", 160, kKoSend},
    {Topic::renew, 2, "지시:;지시 :;지시사항:;지시사항은;지시는;지시에;지시만;명령:;명령은;명령에;명령만;임무:;임무는;임무만;규칙:;역할:;역할은;지침:;지침에;지침만;목표:;목표는", 30, kKoRenew},
    {Topic::renew, 2, "이제부터;지금부터;앞으로", 0, kKoFromNow},
    {Topic::obey, 2, "따르라;따라라;따르세요;복종;들어라;들으라;따라야;이행하라;수행하라", 60, kKoObey},
    {Topic::control, 1, "시스템:;시스템 :;시스템 프롬프트;시스템 메시지;시스템 알림;시스템 명령;시스템 공지;관리자:;관리자 메시지;관리자 명령;개발자:;개발자 메시지;어시스턴트:", 0, kKoRoleLine},
    {Topic::dictate, 1, "추천하;추천해;칭찬하;칭찬해;홍보하;홍보해;평가하라;평가해;선정하;합격", 0, kKoPraise},
};

}  // namespace

std::span<const Signal> signals() { return kSignals; }

std::string spelt_out(const char* form) {
  constexpr std::string_view kOrder =
      "(?:하라|해라|해 ?줘|해 ?주세요|해 ?주십시오|하세요|하십시오|하시오|할 것|해야|하고|한 뒤|한 다음|한 후|하며|하면서|한 채|해[.! ]|해$|하여|하도록|하자)";
  constexpr std::string_view kIgnore =
      "(?:(?:무시|폐기|취소|거부|철회|중단|무효화|배제){order}|잊(?:고|어라|어 ?줘|어 ?버려|어버리|으세요|으십시오|으라|어 ?주세요|어야|은 (?:채|뒤|다음))|"
      "버리(?:고|라|세요|십시오)|버려라|(?:따르|지키|신경 ?쓰)지 ?(?:마|말)|제쳐 ?두|접어 ?두|덮어쓰)";
  std::string result{form};
  const auto put = [&result](std::string_view mark, std::string_view words) {
    for (size_t at = result.find(mark); at != std::string::npos; at = result.find(mark, at)) result.replace(at, mark.size(), words);
  };
  put("{ignore}", kIgnore);
  put("{order}", kOrder);
  return result;
}

const char* talk_about() {
  return R"(injections?\b|injection attack|jail ?break(?:s|ing)? (?:attempt|prompt|attack|technique)|attack|adversar|malicious|such as|\be\.g\.|for example|for instance|examples? of|phrases?\b|(?:strings?|inputs?|messages?|texts?|sentences?|words|prompts|commands|requests) (?:such|like|that (?:say|tell|ask|try|instruct))|(?:say|says|saying|said|writes?|reads?|asks?|types?) ["'“‘]|tr(?:y|ies|ying) to (?:make|get|trick|change|override|bypass)|attempts? to|trick(?:s|ed|ing)?\b|red[- ]team|defen[cs]e|defend|mitigat|guardrail|saniti[sz]|owasp|vulnerab|special tokens?|chat templates?|delimiters?|template uses|인젝션|프롬프트 ?주입|탈옥 ?(?:공격|시도|기법)|공격|악성|예를 들|예시|예컨대|같은 (?:문장|문구|표현|지시|입력|명령|말|글|내용|프롬프트|요청|식)|(?:이?라|하라|다)는 (?:문장|문구|표현|지시|입력|명령|말|글|내용|프롬프트|요청|식)|라던 [가-힣]|하라는 (?:요구|주문|부탁|조언|주장|제안|협박|메일|메시지|질문|댓글|취지|압박|쪽지|전화)|달라(?:는|던) |라고 (?:적힌|쓰인|입력|요청하|말하|쓰면|적으면|하면)|시도(?:한|하|를|가|는)|방어|탐지|차단|취약|채팅 ?템플릿|특수 ?토큰|구분자)";
}

const char* reported() {
  return R"(^(?:는 |던 |고|며 |면서 |는지|느니|거나)|^ ?(?:달라(?:는|고|며)|주는|주면|줄|준|주지|주었|줬다|지는|지면|진다)|^ ?(?:하는|만드는|만들|시키|유도|속이|꾀|조작|설득|강요|요구|요청|부추|지시하는|명령하는|바라는|이끄는|몰아))";
}

const char* condition() {
  return R"(\bif (?:you|the|your|it|this|they)\b|\bunless\b|\bcan (?:safely )?(?:ignore|disregard|skip|forget)|may (?:safely )?(?:ignore|disregard|skip)|safely|\byou(?:'d| would| could| might)\b|은 경우|는 경우|다면|해도 (?:된|좋|괜찮|무방))";
}

}  // namespace hone::corpus::injection
