#include "corpus/personal/domains.h"

#include <string>
#include <unordered_set>

#include "corpus/personal/context.h"

namespace hone::corpus::personal {
namespace {

constexpr std::string_view kCountries =
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck "
    "cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq "
    "gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr "
    "ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf "
    "pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th "
    "tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";
constexpr std::string_view kOthers =
    "com org net edu gov mil int info biz name pro aero coop museum jobs mobi travel tel cat post asia xxx app dev page blog shop store "
    "online site website space tech cloud digital agency company solutions services systems software network email mail group team work "
    "works world live life today news media press studio design art photo photos video music games game fun club social community center "
    "foundation institute academy school university college education training health care clinic hospital dental pharmacy fitness bank "
    "finance financial capital fund money credit loan insurance legal law attorney consulting management partners ventures holdings "
    "enterprises international global city town london paris berlin tokyo seoul nyc amsterdam hotel restaurant cafe bar pub food kitchen "
    "farm garden house home homes land estate properties property apartments rentals construction build builders engineering energy "
    "solar green eco bio science lab labs technology computer data host hosting domains codes chat support help guide wiki review "
    "reviews report reports events party wedding family kids love dating fashion style beauty jewelry watch shoes clothing sale "
    "deals discount market marketing trade trading exchange business industries supply supplies tools equipment parts repair auto car "
    "cars bike taxi limo cab flights cruises tours vacations holiday one top xyz vip win bid link click stream download zone plus "
    "ninja rocks wtf lol gal guru expert direct express inc llc ltd gmbh srl sas corp lan local localdomain localhost internal "
    "intranet intra private example test invalid onion arpa google microsoft samsung hyundai kia lg sk naver kakao doosan";

const std::unordered_set<std::string>& names() {
  static const std::unordered_set<std::string> kNames = [] {
    std::unordered_set<std::string> set;
    for (std::string_view list : {kCountries, kOthers}) {
      while (!list.empty()) {
        const size_t space = list.find(' ');
        set.emplace(list.substr(0, space));
        list.remove_prefix(space == std::string_view::npos ? list.size() : space + 1);
      }
    }
    return set;
  }();
  return kNames;
}

}  // namespace

bool is_top_level_domain(std::string_view word) {
  if (word.size() < 2 || word.size() > 63) return false;
  const std::string lower = lower_case(word);
  return lower.rfind("xn--", 0) == 0 || names().contains(lower);
}

}  // namespace hone::corpus::personal
